"""What must be on the machine: each thing that is missing or too old is one message with a remedy."""

from __future__ import annotations

import pytest

from netprobe.cluster.providers.kind.provider import KindProvider
from netprobe.cluster.providers.kind.recipe import Ready
from netprobe.errors import EnvironmentFailure, InputError


def refused(argument, told, kind=InputError):
    with pytest.raises(kind) as caught:
        KindProvider().make(argument, told.terms())
    return caught.value


@pytest.mark.parametrize(
    ("argument", "gone", "message"),
    [
        ("kindnet", ["kind"], "the program kind is not on PATH"),
        ("kindnet", ["docker"], "the program docker is not on PATH"),
        ("calico", ["kubectl"], "the program kubectl is not on PATH"),
        ("cilium", ["helm", "cilium"], "the program helm is not on PATH"),
        ("calico", ["kind", "docker", "kubectl"], "these programs are not on PATH: kind, docker, kubectl"),
    ],
)
def test_a_missing_program_is_wrong_input(machine, told, argument, gone, message):
    machine.uninstall(*gone)
    error = refused(argument, told)
    assert error.message == message
    assert "https://" in error.remedy
    assert machine.lines == []


def test_what_a_recipe_does_not_use_need_not_be_there(machine, shown, told):
    machine.uninstall("kubectl", "helm", "cilium")
    KindProvider().make("none", told.terms()).close()
    assert machine.lines[-1].startswith("kind delete cluster")


@pytest.mark.parametrize(
    ("line", "out", "argument", "message"),
    [
        (
            "kind version",
            "kind v0.23.0 go1.22 linux/amd64",
            "kindnet",
            "kind v0.23.0 is too old for the recipe kindnet: v0.24 or newer is needed",
        ),
        (
            "kind version",
            "kind v0.19.0 go1.20 linux/amd64",
            "calico",
            "kind v0.19.0 is too old for the recipe calico: v0.20 or newer is needed",
        ),
        (
            "kind version",
            "kind v0.23.0 go1.22 linux/amd64",
            "calico,proxy=nftables",
            "kind v0.23.0 is too old for kube-proxy in mode nftables: v0.24 or newer is needed",
        ),
        (
            "kubectl version",
            '{"clientVersion": {"gitVersion": "v1.18.2"}}',
            "calico",
            "kubectl v1.18.2 is too old",
        ),
        (
            "helm version",
            "v2.17.0",
            "cilium",
            "helm v2.17.0 is too old for its charts: v3.8 or newer is needed",
        ),
    ],
)
def test_an_old_program_is_wrong_input(machine, told, line, out, argument, message):
    machine.answer(line, out=out)
    error = refused(argument, told)
    assert error.message.startswith(message)
    assert error.remedy.startswith("update it")
    assert not any(each.startswith("kind create") for each in machine.lines)


def test_a_version_before_its_release_will_do(machine, shown, told):
    machine.answer("kind version", out="kind v0.24.0-alpha+123 go1.22 linux/amd64")
    shown.fulfil(Ready(daemonset="kube-system/kindnet"))
    cluster = KindProvider().make("kindnet", told.terms())
    cluster.close()
    assert cluster.description.facts["kind"] == "v0.24.0"


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "start Docker"),
        ("permission denied while trying to connect to the docker API", "group docker"),
        ("", "start Docker"),
    ],
)
def test_a_daemon_that_does_not_answer_is_the_environment(machine, told, words, remedy):
    machine.answer("docker version", code=1, err=words)
    error = refused("kindnet", told, EnvironmentFailure)
    assert error.exit_code == 3
    assert error.message.startswith(f"the Docker daemon does not answer: {words}")
    assert remedy in error.remedy


def test_another_program_called_kind_is_told(machine, told):
    machine.answer("kind version", out="usage: kind FILE")
    error = refused("kindnet", told, EnvironmentFailure)
    assert "does not say a version: usage: kind FILE" in error.message
