"""Commands on kind clusters, as a user types them, against stand-ins and a real API server."""

from __future__ import annotations

import os

import pytest

from netprobe.cli.main import execute
from netprobe.cluster.providers.kind.recipe import Ready

RECIPE = "recipe: 1\nname: mine\ntitle: My CNI\ncluster: {default-cni: true}\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    for name in [name for name in os.environ if name.startswith("NETPROBE_")]:
        monkeypatch.delenv(name)
    return tmp_path


def test_a_cluster_is_made_looked_at_and_removed(machine, shown, desk, capsys):
    shown.fulfil(Ready(daemonset="kube-system/kindnet"))
    assert execute(["identify", "--cluster", "kind"]) == 0
    out, err = capsys.readouterr()
    assert "kind v0.32.0, kindnet" in out
    assert err.startswith("netprobe: making the kind cluster netprobe-kindnet-")
    assert "netprobe: removing the kind cluster netprobe-kindnet-" in err
    assert machine.lines[-1].startswith("kind delete cluster")


def test_keep_leaves_it(machine, shown, desk, capsys):
    shown.fulfil(Ready(daemonset="kube-system/kindnet"))
    assert execute(["identify", "--cluster", "kind", "--keep"]) == 0
    assert "stays: `kind delete cluster" in capsys.readouterr().err
    assert not any(line.startswith("kind delete") for line in machine.lines)


@pytest.mark.lab
def test_it_goes_on_as_on_any_cluster(enforcing_lab, machine, shown, desk, capsys):
    """The lab's API server stands behind the kubeconfig that kind writes."""
    (machine.home / "kubeconfig").write_text(enforcing_lab.access.kubeconfig(), encoding="utf-8")
    (desk / "mine.yaml").write_text(RECIPE, encoding="utf-8")
    assert execute(["check", "--plan", "--cluster", "kind:./mine.yaml"]) == 0
    out, err = capsys.readouterr()
    assert "default deny" in out or "deny" in out
    assert "netprobe: making the kind cluster netprobe-mine-" in err
    assert machine.lines[-1].startswith("kind delete cluster --name=netprobe-mine-")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["run", "three-tier", "--cluster", "lab", "--reuse"],
            2,
            "--reuse is for clusters that netprobe makes",
        ),
        (["check", "--cluster", "context:x", "--images-from", "f"], 2, "--images-from is for clusters"),
        (["identify", "--cluster", "lab", "--keep"], 2, "--keep keeps nothing on the lab"),
        (["run", "three-tier", "--cluster", "kind:cilum"], 2, 'did you mean "cilium"?'),
        (["check", "--plan", "--cluster", "kind:calico,proxy=no"], 2, "there is no kube-proxy mode"),
        (["explain", "--cluster", "kind", "--from", "a/b", "--to", "c/d:1"], 2, "would make a new cluster"),
        (["lint", "--cluster", "kind:calico"], 2, "would make a new cluster"),
        (["matrix", "--cluster", "kind:calico"], 2, "would make a new cluster"),
        (["doctor", "--cluster", "kind:calico"], 2, "would make a new cluster"),
        (["clean", "--cluster", "kind"], 2, "would make a new cluster"),
    ],
)
def test_wrong_input_makes_nothing(machine, desk, capsys, arguments, code, words):
    assert execute(arguments) == code
    err = capsys.readouterr().err
    assert words in err
    assert "→" in err
    assert machine.lines == []


@pytest.mark.parametrize(
    "command", [["run", "three-tier"], ["run", "--all"], ["check"], ["check", "--plan"], ["identify"]]
)
def test_missing_programs_are_one_message(machine, desk, capsys, command):
    machine.uninstall("kind", "kubectl")
    assert execute([*command, "--cluster", "kind:calico"]) == 2
    *stages, message, remedy = capsys.readouterr().err.splitlines()
    assert message == "netprobe: these programs are not on PATH: kind, kubectl"
    assert remedy.startswith("→ kind: https://kind.sigs.k8s.io")
    assert stages in ([], ["netprobe: opening the cluster kind:calico"])
    assert machine.lines == []


def test_a_daemon_that_is_not_there_is_exit_code_3(machine, desk, capsys):
    machine.answer("docker version", code=1, err="Cannot connect to the Docker daemon. Is it running?")
    assert execute(["run", "three-tier", "--cluster", "kind:calico"]) == 3
    assert "→ start Docker" in capsys.readouterr().err


def test_a_cni_that_never_gets_ready_is_exit_code_3_and_leaves_nothing(
    machine, shown, desk, capsys, monkeypatch
):
    monkeypatch.setattr(
        "netprobe.cluster.providers.kind.patience.stop_after_delay", lambda _seconds: lambda _: True
    )
    assert execute(["check", "--cluster", "kind:kindnet"]) == 3
    err = capsys.readouterr().err
    assert "netprobe: kindnet is not ready on the kind cluster netprobe-kindnet-" in err
    assert "DaemonSet kube-system/kindnet: there is no such object" in err
    assert machine.lines[-1].startswith("kind delete cluster")


def test_a_wrong_recipe_is_told_with_file_and_line(machine, desk, capsys):
    (desk / "mine.yaml").write_text(RECIPE + "redy: []\n", encoding="utf-8")
    assert execute(["identify", "--cluster", "kind:./mine.yaml"]) == 2
    assert 'mine.yaml:5:1: unknown key "redy"; did you mean "ready"?' in capsys.readouterr().err
