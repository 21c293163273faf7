from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import isolation, shell

LAB = Path(__file__).with_name("isolated_lab.py")
OWNER = """
import os, signal, subprocess, sys
reader, writer = os.pipe()
lab = subprocess.Popen([sys.executable, *sys.argv[1:], str(reader), "stay"], pass_fds=[reader])
os.close(reader)
print(lab.pid, flush=True)
signal.pause()
"""


def spawn(deed: str, *, life: int | None = None) -> subprocess.Popen[str]:
    fds = () if life is None else (life,)
    argv = [sys.executable, str(LAB), "" if life is None else str(life), deed]
    return subprocess.Popen(argv, pass_fds=fds, stdout=subprocess.PIPE, text=True)


def processes_in(network: str) -> set[int]:
    """The processes of this machine that are in a network namespace."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if str((folder / "ns/net").readlink()) == network:
                    found.add(int(folder.name))
            except OSError:
                continue  # it ended while we looked
    return found


def wait_for_the_end_of(pids: set[int]) -> None:
    fds = []
    for pid in pids:
        try:
            fds.append(os.pidfd_open(pid))
        except ProcessLookupError:
            continue
    try:
        for fd in fds:
            assert select.select([fd], [], [], 10)[0], "a process of the lab outlived its owner"
    finally:
        for fd in fds:
            os.close(fd)


@pytest.mark.lab
def test_the_lab_is_alone_in_fresh_namespaces_and_its_exit_status_comes_through():
    with spawn("7") as child:
        seen = json.loads(child.stdout.readline())
        assert child.wait(10) == 7
    assert seen["pid"] == 2
    assert seen["processes"][:2] == [1, 2]
    assert seen["network"] != str(Path("/proc/self/ns/net").readlink())
    assert seen["mounted"]
    assert "of-the-test" not in Path("/proc/self/mounts").read_text()


@pytest.mark.lab
def test_a_link_in_the_labs_network_is_refused():
    with spawn("uplink") as child:
        message = child.stdout.read()
        assert child.wait(10) == 0
    assert "up0, up1" in message or "up1, up0" in message


@pytest.mark.lab
def test_the_lab_ends_when_the_life_pipe_is_closed():
    reader, writer = os.pipe()
    with spawn("stay", life=reader) as child:
        os.close(reader)
        network = json.loads(child.stdout.readline())["network"]
        pids = processes_in(network)
        assert len(pids) == 3
        os.close(writer)
        assert child.wait(10) == 128 + signal.SIGKILL
    assert processes_in(network) == set()


@pytest.mark.lab
@pytest.mark.parametrize("victim", ["owner", "watcher"])
def test_a_kill_9_leaves_no_process(victim):
    argv = [sys.executable, "-c", OWNER, str(LAB)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as owner:
        watcher = int(owner.stdout.readline())
        network = json.loads(owner.stdout.readline())["network"]
        pids = processes_in(network)
        assert watcher in pids
        os.kill(owner.pid if victim == "owner" else watcher, signal.SIGKILL)
        wait_for_the_end_of(pids - {watcher})
        owner.kill()
    wait_for_the_end_of(pids)
    assert processes_in(network) == set()


REFUSED = """
import json
from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import isolation, syscalls

def refuse(flags):
    raise PermissionError(1, "Operation not permitted")

syscalls.unshare = refuse
try:
    isolation.enter_isolation()
except EnvironmentFailure as failure:
    print(json.dumps([failure.message, failure.remedy]))
"""


def test_a_system_without_namespaces_is_one_sentence_with_a_remedy():
    """In a process of its own, since processes with threads may not enter."""
    argv = [sys.executable, "-c", REFUSED]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60)
    message, remedy = json.loads(done.stdout)
    assert "may not make network namespaces" in message
    assert "run as root" in remedy
    assert "apparmor_restrict_unprivileged_userns" in remedy


@pytest.mark.parametrize(
    ("links", "refused"),
    [
        ([{"ifname": "lo", "flags": ["LOOPBACK"]}], False),
        ([{"ifname": "lo"}, {"ifname": "tunl0", "flags": ["NOARP"]}], False),
        ([{"ifname": "lo"}, {"ifname": "tunl0", "flags": ["NOARP", "UP"]}], True),
        ([{"ifname": "lo"}, {"ifname": "eth0", "flags": []}], True),
    ],
)
def test_only_lo_and_sleeping_fallback_tunnels_are_no_uplink(monkeypatch, links, refused):
    answer = shell.Answer(code=0, output=json.dumps(links), errors="")
    monkeypatch.setattr(shell, "run", lambda argv: answer)
    if refused:
        with pytest.raises(EnvironmentFailure, match="no probe is sent"):
            isolation.assert_no_uplink()
    else:
        isolation.assert_no_uplink()
