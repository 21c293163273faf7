"""``netprobe doctor`` as a user runs it: this machine, the lab behind a kubeconfig, servers that say no."""

from __future__ import annotations

import json

import pytest

from netprobe.cli.main import execute
from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.rest import Rest
from netprobe.lab.cluster.fitness import Fitness


@pytest.fixture(autouse=True)
def state(desk, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(desk / "state"))
    monkeypatch.setenv("COLUMNS", "80")
    return desk / "state" / "netprobe" / "labs"


@pytest.fixture
def lab(enforcing_lab, desk, monkeypatch):
    """The lab through a kubeconfig; its API."""
    (desk / "config").write_text(enforcing_lab.kubeconfig())
    monkeypatch.setenv("KUBECONFIG", str(desk / "config"))
    connection = connect_to(json.loads(enforcing_lab.kubeconfig()))
    yield Rest(connection)
    connection.client.rest_client.close()


@pytest.mark.lab
def test_this_machine_can_hold_a_lab(state, capsys):
    (state / "dead").mkdir(parents=True)
    assert execute(["doctor", "--cluster", "lab", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["netprobe_checkup"] == 1
    health = {check["name"]: check["health"] for check in document["checks"]}
    assert health == {
        "programs": "ok",
        "namespaces": "ok",
        "kernel": "ok",
        "sctp": "ok",
        "labs": "warning",
    }
    assert (state / "dead").exists(), "doctor only looks"


def test_a_machine_that_cannot(monkeypatch, capsys):
    unfit = Fitness(
        kernel="Linux", root=False, programs={"nft": ""}, refused="no namespaces", remedy="be root"
    )
    monkeypatch.setattr("netprobe.app.doctor.examine_machine", lambda _folder: unfit)
    assert execute(["doctor", "--cluster", "lab"]) == 3
    out = capsys.readouterr().out
    assert "failed          programs    nft is not installed" in out
    assert "→ Be root" in out
    assert out.endswith("\n1 ok, 2 could not look, 2 failed: a run would get no answer (exit code 3)\n")
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.lab
def test_the_lab_behind_a_kubeconfig(lab, capsys):
    before = {body["metadata"]["name"] for body in lab.items("/api/v1/namespaces")}
    assert execute(["doctor", "--cluster", "context"]) == 0
    captured = capsys.readouterr()
    assert {body["metadata"]["name"] for body in lab.items("/api/v1/namespaces")} <= before, (
        "nothing was made"
    )
    lines = captured.out.splitlines()
    assert lines[0] == "cluster netprobe-lab"
    marks = [line.split()[0] for line in lines[1:] if line[2:3] not in ("", " ")]
    assert marks == ["ok"] * 13, captured.out
    assert "a run should get an answer (exit code 0)" in captured.out
    assert not [line for line in lines if len(line) > 80 and len(line.split()) > 1], "but for long paths"
    assert "opening the cluster context" in captured.err


@pytest.mark.lab
def test_a_pod_for_trial(lab, capsys):
    assert execute(["doctor", "--cluster", "context", "--pull", "-q", "--format", "json"]) == 0
    (pull,) = [each for each in json.loads(capsys.readouterr().out)["checks"] if each["name"] == "pull"]
    assert pull["health"] == "ok"
    assert "was ready after" in pull["found"]
    left = [each["metadata"]["name"] for each in lab.items("/api/v1/namespaces")]
    assert not [name for name in left if name.endswith("-doctor")]


@pytest.mark.lab
def test_an_image_that_cannot_be_pulled(lab, capsys, monkeypatch):
    monkeypatch.setenv("NETPROBE_DEPLOY_DEADLINE", "0.5")
    code = execute(
        ["doctor", "--cluster", "context", "--pull", "--image", "no.example/nothing:1", "--format", "json"]
    )
    captured = capsys.readouterr()
    assert code == 3
    (pull,) = [each for each in json.loads(captured.out)["checks"] if each["name"] == "pull"]
    assert pull["health"] == "failed"
    assert "Not ready after 0.5 s" in pull["found"]
    assert not [n for n in lab.items("/api/v1/namespaces") if n["metadata"]["name"].endswith("-doctor")]


def test_a_cluster_that_does_not_answer_is_a_failed_check(desk, monkeypatch, capsys):
    config = {
        "current-context": "x",
        "contexts": [{"name": "x", "context": {"cluster": "c"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
    }
    (desk / "config").write_text(json.dumps(config))
    monkeypatch.setenv("KUBECONFIG", "config")
    assert execute(["doctor", "--cluster", "context", "-q"]) == 3
    captured = capsys.readouterr()
    assert "  failed          API server  The API server https://127.0.0.1:1" in captured.out
    assert "connection refused" in captured.out
    assert captured.err == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--cluster", "contxt"], 'did you mean "context"?'),
        (["--cluster", "context:nope"], "There is no kubeconfig"),
        (["--cluster", "lab", "--pull"], "the lab pulls nothing"),
        ([], "cannot be examined"),
    ],
)
def test_what_the_user_got_wrong_is_exit_code_2(desk, monkeypatch, capsys, arguments, words):
    monkeypatch.setenv("KUBECONFIG", str(desk / "absent"))
    assert execute(["doctor", "-q", *arguments]) == 2
    assert words in capsys.readouterr().err
