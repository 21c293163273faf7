"""The privileged look: what it creates, that it is removed, and what is said when the cluster refuses."""

from __future__ import annotations

import pytest

from netprobe.cluster.providers.simulated import SimulatedCluster
from netprobe.errors import Refused, SessionLost
from netprobe.runner.node_files import FOLDER, NodeFiles, parse, read_node_files

NODES = {"node1": "node1", "node2": "node2"}
OUTPUT = """
NETPROBE-CNI-FILE 10-flannel.conflist
NETPROBE-CNI-TEXT {
NETPROBE-CNI-TEXT }

NETPROBE-CNI-FILE empty
"""


class Shell:
    """Answers with what a pod would print."""

    def __init__(self, output: str) -> None:
        self.output, self.closed = output, False

    def exchange(self, script: str, end_mark: str, deadline: float) -> str:
        assert FOLDER in script
        assert end_mark in script
        assert deadline > 0
        return self.output

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def cluster(monkeypatch) -> SimulatedCluster:
    monkeypatch.setattr(SimulatedCluster, "open_session", lambda *_, **__: Shell(OUTPUT))
    return SimulatedCluster()


def test_the_files_are_read_on_every_node_and_nothing_is_left(cluster):
    files = read_node_files(cluster, "t1", NODES, "agnhost:1")
    wanted = {"10-flannel.conflist": "{\n}", "empty": ""}
    assert files == NodeFiles(by_node={"node1": wanted, "node2": wanted})
    assert (files.common, files.different) == (wanted, ())
    assert [ref.kind for ref in cluster.applied] == ["Namespace", "Deployment", "Deployment"]
    assert cluster.objects.get("Namespace", "", "np-t1-look") is None


def test_its_pods_see_one_folder_for_reading_and_have_no_capability(cluster, monkeypatch):
    seen = []
    monkeypatch.setattr(SimulatedCluster, "apply", lambda _self, bodies: seen.extend(bodies))
    read_node_files(cluster, "t1", {"node1": "host-1"}, "agnhost:1")
    namespace, deployment = seen
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert namespace["metadata"]["labels"]["netprobe.io/run"] == "t1"
    spec = deployment["spec"]["template"]["spec"]
    assert [volume["hostPath"] for volume in spec["volumes"]] == [{"path": FOLDER, "type": "Directory"}]
    (container,) = spec["containers"]
    assert [mount["readOnly"] for mount in container["volumeMounts"]] == [True]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert "privileged" not in container["securityContext"]
    assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()


def refuse(*_, **__):
    raise Refused('violates PodSecurity "baseline:latest"', status=403, reason="Forbidden")


def lose(*_, **__):
    raise SessionLost("no exec session")


@pytest.mark.parametrize(
    ("what", "how", "words"),
    [("apply", refuse, "violates PodSecurity"), ("open_session", lose, "no exec session")],
)
def test_what_is_refused_is_unseen(cluster, monkeypatch, what, how, words):
    monkeypatch.setattr(SimulatedCluster, what, how)
    files = read_node_files(cluster, "t1", NODES, "agnhost:1")
    assert files.common is None
    (told,) = files.unseen
    assert told.startswith("/etc/cni/net.d of node1, node2 (")
    assert words in told
    assert cluster.objects.get("Namespace", "", "np-t1-look") is None


def test_a_namespace_that_was_refused_is_not_said_to_be_left_behind(cluster, monkeypatch):
    monkeypatch.setattr(SimulatedCluster, "apply", refuse)
    monkeypatch.setattr(SimulatedCluster, "delete", lose)
    (told,) = read_node_files(cluster, "t1", NODES, "agnhost:1").unseen
    assert "left behind" not in told


def test_what_could_not_be_removed_is_told(cluster, monkeypatch):
    monkeypatch.setattr(SimulatedCluster, "delete", refuse)
    files = read_node_files(cluster, "t1", NODES, "agnhost:1")
    assert files.common
    (told,) = files.unseen
    assert told.startswith("namespace np-t1-look may be left behind: ")


def test_nodes_that_differ_from_most_are_named():
    one, other = {"a.conf": "1"}, {"a.conf": "2"}
    files = NodeFiles(by_node={"n1": one, "n2": other, "n3": one})
    assert (files.common, files.different) == (one, ("n2",))


def test_an_interruption_removes_the_namespace_all_the_same(cluster, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(SimulatedCluster, "wait_ready", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read_node_files(cluster, "t1", NODES, "agnhost:1")
    assert cluster.objects.get("Namespace", "", "np-t1-look") is None


def test_lines_that_are_no_file_are_passed_over():
    assert parse("sh: warning\nNETPROBE-CNI-TEXT lost\n") == {}
