"""Pods that dial by themselves: what they are told, and what their container does."""

from __future__ import annotations

import subprocess

import pytest

from netprobe.scenario.dressing import dress
from netprobe.scenario.first_dials import FIRST_DIAL, WORD, first_dial_of

MARKS = {"run_labels": {}, "annotations": {}}


def deployment(**annotations: str) -> dict:
    template = {
        "metadata": {"labels": {"app": "new"}, "annotations": annotations},
        "spec": {"containers": [{"name": "server", "ports": [{"containerPort": 8080}]}]},
    }
    return {
        "kind": "Deployment",
        "metadata": {"name": "new", "namespace": "x"},
        "spec": {"selector": {"matchLabels": {"app": "new"}}, "template": template},
    }


def test_who_dials_whom_is_written_at_the_pods() -> None:
    assert first_dial_of(deployment(**{FIRST_DIAL: "db:8080"})) == "db:8080"
    assert first_dial_of(deployment()) == ""
    assert first_dial_of({"kind": "Pod", "metadata": {"annotations": {FIRST_DIAL: "db:80"}}}) == "db:80"
    assert first_dial_of({"kind": "Service", "spec": None}) == ""


def test_the_container_shares_image_and_limits_with_the_server() -> None:
    spec = dress(deployment(**{FIRST_DIAL: "db:8080"}), image="i", **MARKS)["spec"]["template"]["spec"]
    server, first = spec["containers"]
    assert first["name"] == "first"
    assert all(first[key] == server[key] for key in ("image", "resources", "securityContext", "volumeMounts"))
    assert "ports" not in first
    assert len(dress(deployment(), image="i", **MARKS)["spec"]["template"]["spec"]["containers"]) == 1


@pytest.mark.parametrize(
    ("fails", "word", "tries"), [(0, "db:8080\n", 1), (2, "db:8080\n", 3), (99, None, 30)]
)
def test_the_script_dials_until_it_got_through_and_leaves_word(tmp_path, fails, word, tries) -> None:
    spec = dress(deployment(**{FIRST_DIAL: "db:8080"}), image="i", **MARKS)["spec"]["template"]["spec"]
    shell, flag, script = spec["containers"][1]["command"]
    assert script.count("sleep 1000000 & wait") == 1
    log, file = tmp_path / "log", tmp_path / "word"
    curl = f'curl() {{ echo "$@" >>{log}; [ $(wc -l <{log}) -gt {fails} ]; }}; sleep() {{ :; }}; '
    subprocess.run([shell, flag, curl + script.replace(WORD, str(file))], check=True, timeout=20)
    assert (file.read_text() if file.exists() else None) == word
    dialled = log.read_text().splitlines()
    assert len(dialled) == tries
    assert all(line.endswith("http://db:8080/") for line in dialled)
