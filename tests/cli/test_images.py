"""``netprobe images``: one a line, for xargs."""

from __future__ import annotations

import json

import pytest

from netprobe.cli.main import execute
from netprobe.scenario.dressing import DEFAULT_IMAGE


@pytest.fixture
def alone(desk, monkeypatch, tmp_path):
    """A machine without kind."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return desk


def test_without_a_cluster_it_is_netprobes_own(alone, capsys):
    assert execute(["images"]) == 0
    assert capsys.readouterr() == (f"{DEFAULT_IMAGE}\n", "")


def test_the_setting_counts(alone, capsys, monkeypatch):
    monkeypatch.setenv("NETPROBE_IMAGE", "mirror.example/agnhost:1")
    assert execute(["images", "lab", "context:a"]) == 0
    assert capsys.readouterr().out == "mirror.example/agnhost:1\n"


def test_images_of_several_clusters_are_listed_once(alone, capsys):
    assert execute(["images", "kind:calico", "kind:canal,node=v1.34.0"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert len(lines) == len(set(lines))
    assert {"quay.io/calico/node:v3.32.1", "kindest/node:v1.34.0", "docker.io/flannel/flannel:v0.24.4"} < set(
        lines
    )
    assert (
        err
        == "netprobe: kind is not on PATH, so the image of its nodes is not listed; node=v1.34.0 names one\n"
    )


def test_json_says_what_each_is_for(alone, capsys):
    assert execute(["images", "kind:kindnet,node=v1.34.0", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"image": DEFAULT_IMAGE, "for": "netprobe's pods"},
        {"image": "kindest/node:v1.34.0", "for": "nodes of kind"},
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["kind:calicoo"], 'did you mean "calico"?'),
        (["kynd:calico"], 'did you mean "kind"?'),
        (["kind:calico@1"], "it knows v3.32.1"),
    ],
)
def test_what_is_wrong_is_told(alone, capsys, arguments, words):
    assert execute(["images", *arguments]) == 2
    assert words in capsys.readouterr().err
