"""``netprobe lab``: one lab for the whole file, which the last test kills. About 4 s."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from netprobe.app.clusters import open_cluster
from netprobe.cli.main import execute
from netprobe.cluster.port import ObjectRef
from netprobe.lab.cluster.access import Access
from netprobe.lab.cluster.profiles import IDENTITIES
from netprobe.lab.datapath.profiles import CONDITIONS, PROFILES
from netprobe.model.topology import ExternalHost

pytestmark = pytest.mark.lab


@dataclass
class Console:
    """Command lines in one state folder."""

    state: Path
    capsys: pytest.CaptureFixture[str] | None = None

    def __call__(self, *arguments):
        """Exit code, stdout and stderr."""
        code = execute(list(arguments))
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err

    @property
    def labs(self):
        return self.state / "netprobe" / "labs"

    def status(self):
        code, out, _ = self("lab", "status", "-o", "json")
        assert code == 0
        return {each["name"]: each for each in json.loads(out)["labs"]}


def descendants(pid):
    found = {pid}
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in file.read_text().split():
                found |= descendants(int(child))
    return found


@contextlib.contextmanager
def all_ending(pids):
    """Wait on leaving until every one of these processes has ended."""
    with contextlib.ExitStack() as stack:
        ends = [os.pidfd_open(pid) for pid in pids]
        for end in ends:
            stack.callback(os.close, end)
        yield
        for end in ends:
            assert select.select([end], [], [], 10)[0], "a process of the lab outlives its owner"


def netprobe(*arguments):
    return [sys.executable, "-m", "netprobe", *arguments]


@pytest.fixture(scope="module")
def console(tmp_path_factory):
    """A state folder in which two processes have started the lab ``play`` at the same time."""
    state = tmp_path_factory.mktemp("state")
    console = Console(state)
    command = netprobe("lab", "up", "play", "--profile", "flannel")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(state))
        patch.delenv("NETPROBE_CLUSTER", raising=False)
        ups = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        console.started = [(*up.communicate(timeout=60), up.returncode) for up in ups]
        yield console
        execute(["lab", "down", "--all"])


@pytest.fixture
def lab(console, desk, monkeypatch, capsys):
    monkeypatch.delenv("NETPROBE_CLUSTER")
    console.capsys = capsys
    return console


def test_two_ups_at_the_same_time_give_one_lab(lab):
    line = f"export KUBECONFIG={lab.labs / 'play' / 'kubeconfig'}\n"
    assert [(out, code) for out, _, code in lab.started] == [(line, 0), (line, 0)], lab.started
    told = sorted(err.partition("netprobe: lab ")[2].partition(":")[0] for _, err, _ in lab.started)
    assert told == ['"play" is up', '"play" runs already']
    assert list(lab.status()) == ["play"]


def test_nobody_else_can_read_what_lets_one_in(lab):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (lab.labs, *lab.labs.rglob("*"))}
    assert modes == {"labs": 0o700, ".lock": 0o600, "play": 0o700, "kubeconfig": 0o600, "lab.json": 0o600}


def test_the_kubeconfig_has_the_labs_own_context(lab):
    config = yaml.safe_load((lab.labs / "play" / "kubeconfig").read_text())
    assert config["current-context"] == "netprobe-lab-play"
    assert Access(server="s", token="t", authority="a").context == "netprobe-lab"


def test_up_again_says_the_same_and_writes_another_kubeconfig_on_demand(lab, desk):
    code, out, err = lab("lab", "up", "play", "--profile", "none@flannel", "--kubeconfig", "my config")
    assert (code, out) == (0, f"export KUBECONFIG='{desk / 'my config'}'\n")
    assert 'lab "play" runs already: lab, emulating Flannel' in err
    assert (desk / "my config").read_text() == (lab.labs / "play" / "kubeconfig").read_text()


def test_up_with_other_settings_is_refused_with_the_remedy(lab):
    for options in (["--nodes", "3"], ["--profile", "enforcing"], ["--profile", "none"]):
        code, out, err = lab("lab", "up", "play", *options)
        assert (code, out) == (2, "")
        assert "runs already, as none@flannel with nodes: 2, not " in err
        assert "netprobe lab down play" in err


def test_up_without_options_finds_what_runs(lab):
    code, out, _ = lab("lab", "up", "play")
    assert (code, out) == (0, f"export KUBECONFIG={lab.labs / 'play' / 'kubeconfig'}\n")


def test_status_as_a_table(lab, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = lab("lab", "status")
    head, row = out.splitlines()
    assert head.split() == ["NAME", "STATE", "PROFILE", "NODES", "SINCE", "API"]
    assert row.split()[:4] == ["play", "running", "none@flannel", "2"]
    assert len(row) <= 80


def test_a_run_finds_the_lab_and_leaves_it_running(lab):
    cluster = open_cluster("running-lab:play")
    described = cluster.description
    assert (described.name, described.kind) == ("running-lab:play", "lab")
    assert described.title == "lab, emulating Flannel"
    host = ExternalHost(name="partner", address="203.0.113.10", ports=(443,))
    assert cluster.provide_externals([host]) == {"partner": ("203.0.113.10", {443: 443})}
    cluster.close()
    again = open_cluster("running-lab:play")
    again.preflight()
    again.close()


def test_identify_says_what_it_looks_like_and_that_this_is_no_proof(lab):
    code, out, err = lab("identify", "--cluster", "running-lab:play")
    assert (code, err) == (0, "")
    assert out.startswith("lab, emulating Flannel (server v1.36.2+netprobe-lab, nodes: 2)\n")
    assert "expected to enforce NetworkPolicies: NO\n" in out
    assert "DaemonSet kube-flannel/kube-flannel-ds: container kube-flannel, image" in out
    assert out.endswith("Only packets prove it: netprobe check.\n")


def test_clean_removes_what_has_expired_and_nothing_else(lab):
    now = int(time.time())
    expiry = {"np-old-x": now - 60, "np-live-x": now + 3600}
    cluster = open_cluster("running-lab:play")
    try:
        for name, expires in expiry.items():
            labels = {"netprobe.io/run": name.split("-")[1], "netprobe.io/expires": str(expires)}
            body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
            cluster.apply([body])

        def there():
            return {body["metadata"]["name"] for body in cluster.read(()).namespaces}

        before = there()
        code, out, _ = lab("clean", "--cluster", "running-lab:play", "--dry-run")
        assert (code, there()) == (0, before)
        assert out.splitlines()[0].startswith("would remove namespace np-old-x of run old, expired 1 min ago")
        code, out, err = lab("clean", "--cluster", "running-lab:play")
        assert (code, before - there()) == (0, {"np-old-x"})
        assert "removed namespace np-old-x of run old" in out
        assert "kept namespace np-live-x of run live, expires in 59 min" in out
        assert "netprobe clean --run live" in err
        assert lab("clean", "--cluster", "running-lab:play", "--run", "live")[0] == 0
        assert before - there() == set(expiry)
        cluster.delete([ObjectRef(api_version="v1", kind="Namespace", name="np-old-x")])  # absent is fine
    finally:
        cluster.close()


def test_wrong_names_are_told(lab):
    code, _, err = lab("lab", "down", "plya")
    assert code == 2
    assert 'no lab "plya" runs; did you mean "play"?' in err
    assert lab("lab", "down", "play", "--all")[0] == 2
    for arguments, words in {
        ("lab", "up", "Play"): "lowercase",
        ("lab", "up", "x", "--profile", "flanel"): "did you mean 'flannel'?",
        ("lab", "up", "x", "--nodes", "0"): "1 to 32 nodes",
        ("lab", "up", "x", "--kubeconfig", "pyproject.toml"): "no kubeconfig of a lab",
        ("lab", "up", "play", "--foreground", "--profile", "flannel"): "runs already (process",
        ("lab", "upp"): 'did you mean "up"?',
        ("run", "three-tier", "--cluster", "running-lab:plai"): 'did you mean "play"?',
    }.items():
        code, out, err = lab(*arguments)
        assert (code, out) == (2, ""), err
        assert words in err
    assert list(lab.status()) == ["play"]


def test_profiles_lists_profiles_conditions_and_identities_in_eighty_columns(lab, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = lab("lab", "profiles")
    words = set(out.split())
    assert {*PROFILES, *CONDITIONS, *IDENTITIES, "lab:enforcing@flannel"} <= words
    assert max(map(len, out.splitlines())) <= 80


def test_in_the_foreground_ctrl_c_ends_the_lab(lab, desk):
    command = netprobe("lab", "up", "front", "--nodes", "1", "--foreground")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == f"export KUBECONFIG={lab.labs / 'front' / 'kubeconfig'}\n"
        assert list(lab.status()) == ["front", "play"]
        with all_ending(descendants(process.pid)):
            process.send_signal(signal.SIGINT)
        told = process.stderr.read()
    assert process.returncode == 130
    assert 'lab "front" has ended: stopped by Ctrl-C' in told
    assert not (lab.labs / "front").exists()


def test_kill_9_of_the_owner_leaves_no_process_and_a_folder_that_is_swept(lab):
    """The last test: it ends the lab of this file."""
    pid = lab.status()["play"]["pid"]
    processes = descendants(pid)
    assert len(processes) > 5
    with all_ending(processes):
        os.kill(pid, signal.SIGKILL)
    assert (lab.labs / "play").exists()
    code, out, err = lab("lab", "status")
    assert (code, out) == (0, "")
    assert "netprobe: swept what was left of the lab play, whose process is gone" in err
    assert not (lab.labs / "play").exists()
    assert lab("lab", "down", "play")[0] == 2
    assert lab("lab", "down", "--all")[0] == 0
