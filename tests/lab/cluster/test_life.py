"""A lab's life: it starts soon, says why when it cannot, and leaves nothing behind, however it ends."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from netprobe.errors import EnvironmentFailure, InputError
from netprobe.lab.cluster.lab import Lab

pytestmark = pytest.mark.lab

OWNER = """
import sys
from netprobe.lab.cluster.lab import Lab
lab = Lab.start()
print(lab.server, lab._process.pid, flush=True)
sys.stdin.read()
"""


def descendants(pid: int) -> set[int]:
    """Every process below ``pid``, and itself."""
    found = {pid}
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in file.read_text().split():
                found |= descendants(int(child))
    return found


def network_namespace(pid) -> str:
    return str(Path(f"/proc/{pid}/ns/net").readlink())


def namespaces_of(pids: set[int]) -> set[str]:
    return {network_namespace(pid) for pid in pids} - {network_namespace("self")}


def held_namespaces() -> set[str]:
    """Network namespaces that this process holds open. (Numbers are used again: others' are no evidence.)"""
    links = set()
    for file in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            links.add(str(file.readlink()))
    return {link for link in links if link.startswith("net:")}


@contextlib.contextmanager
def all_ending(pids: set[int]):
    """Wait on leaving until every one of these processes has ended."""
    with contextlib.ExitStack() as stack:
        ends = [os.pidfd_open(pid) for pid in pids]
        for end in ends:
            stack.callback(os.close, end)
        yield
        for end in ends:
            assert select.select([end], [], [], 10)[0], "a process of the lab outlives it"


def mounts() -> str:
    return Path("/proc/self/mounts").read_text()


def test_stop_leaves_no_process_namespace_mount_or_socket():
    before = mounts()
    lab = Lab.start()
    processes = descendants(lab._process.pid)
    namespaces = namespaces_of(processes)
    assert len(namespaces) >= 4, "the fabric, two nodes and the DNS pod each have a network of their own"
    assert mounts() == before
    with all_ending(processes):
        lab.stop()
    assert held_namespaces() == set()
    assert mounts() == before
    host, port = lab.server.removeprefix("https://").split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))
    lab.stop()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_lab_ends_with_its_owner(end):
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        _, pid = owner.stdout.readline().split()
        processes = descendants(int(pid))
        assert len(processes) > 5
        with all_ending(processes):
            owner.send_signal(end)
            owner.wait(10)


def test_a_lab_ends_with_its_first_process():
    lab = Lab.start()
    others = descendants(lab._process.pid) - {lab._process.pid}
    with all_ending(others):
        os.kill(min(others), signal.SIGKILL)
    lab.stop()


def test_an_owner_that_ends_normally_takes_its_lab_along():
    script = OWNER.replace("sys.stdin.read()", "")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    assert not Path(f"/proc/{done.stdout.split()[1]}").exists()


def test_too_short_a_deadline_is_said_and_leaves_nothing():
    with pytest.raises(EnvironmentFailure, match=r"not ready within 0\.01 s"):
        Lab.start(startup_deadline=0.01)


@pytest.mark.parametrize("nodes", [0, 33])
def test_an_impossible_number_of_nodes_is_the_users_input(nodes):
    with pytest.raises(InputError, match="1 to 32 nodes"):
        Lab.start(nodes=nodes)


def test_a_single_node_is_enough():
    with Lab.start(nodes=1) as lab:
        assert lab.nodes == ("node1",)


def test_the_process_is_not_started_by_hand():
    done = subprocess.run(
        [sys.executable, "-m", "netprobe.lab.cluster.main"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("this program is part of netprobe's lab")


def test_a_kubeconfig_is_private_and_replaces_only_a_labs(tmp_path):
    foreign, ours = tmp_path / "foreign", tmp_path / "ours"
    foreign.write_text("apiVersion: v1\nkind: Config\n")
    with Lab.start(nodes=1) as lab:
        ours.touch(mode=0o644)
        ours.unlink()
        lab.write_kubeconfig(ours)
        assert ours.stat().st_mode & 0o777 == 0o600
        lab.write_kubeconfig(ours)
        with pytest.raises(InputError, match="is no kubeconfig of a lab"):
            lab.write_kubeconfig(foreign)
    assert foreign.read_text() == "apiVersion: v1\nkind: Config\n"
