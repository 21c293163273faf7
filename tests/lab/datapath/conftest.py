"""The picture that every test of the data path draws on, and the real packets to check it with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from netprobe.lab.datapath.compiling import compile_nodes
from netprobe.lab.datapath.picture import NodeAddress, Picture
from netprobe.lab.datapath.profiles import ENFORCING
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, Namespace, Pod


class Packets:
    """Loads compiled rules into real network namespaces and sends real packets."""

    def __init__(self, process):
        self._process = process

    def ask(self, picture, probes, profile=ENFORCING):
        """[state, receiver, source] of each probe (source, address, protocol, port)."""
        request = {"rules": dict(compile_nodes(picture, profile)), "probes": probes}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert answer["refused"] == ""
        return answer["results"]


@pytest.fixture(scope="session")
def packets():
    program = Path(__file__).with_name("packet_fabric.py")
    with subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Packets(process)
        process.stdin.close()
        assert process.wait(timeout=10) == 0


@pytest.fixture(scope="session")
def town() -> Picture:
    """Two namespaces with two pods each, one of each pair per node, and a namespace for controls.

    The name ``http`` stands for TCP 80 on x/a and for TCP 81 elsewhere; ``dns`` is UDP 81, not on x/a.
    """
    http_80 = ContainerPort(number=80, name="http")
    http_81 = ContainerPort(number=81, name="http")
    others = (http_81, ContainerPort(number=81, protocol=Protocol.UDP, name="dns"))
    own_name = "kubernetes.io/metadata.name"
    return Picture(
        namespaces=(
            Namespace(name="x", labels={"team": "a", own_name: "x"}),
            Namespace(name="y", labels={"team": "b", own_name: "y"}),
            Namespace(name="ctl"),
        ),
        pods=(
            pod("x/a", "node1", "10.244.0.2", http_80, app="a", tier="web"),
            pod("y/a", "node1", "10.244.0.3", *others, app="a"),
            pod("x/b", "node2", "10.244.1.2", *others, app="b"),
            pod("y/b", "node2", "10.244.1.3", *others, app="b", tier=""),
            pod("ctl/1", "node1", "10.244.0.9"),
            pod("ctl/2", "node2", "10.244.1.9"),
        ),
        nodes=(
            NodeAddress(name="node1", address="172.30.0.2", pod_cidr="10.244.0.0/24"),
            NodeAddress(name="node2", address="172.30.0.3", pod_cidr="10.244.1.0/24"),
        ),
    )


def pod(path: str, node: str, address: str, *ports: ContainerPort, **labels: str) -> Pod:
    namespace, name = path.split("/")
    return Pod(
        namespace=namespace, name=name, uid=path, node=node, ips=(address,), ports=ports, labels=labels
    )
