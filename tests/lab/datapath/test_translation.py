"""Services against the kernel: who answers, and whom the answerer sees."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from netprobe.lab.datapath.picture import Frontend
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.model.protocol import Protocol

pytestmark = pytest.mark.lab

VIP = "10.96.0.20"
BACKENDS = (("10.244.0.2", 80), ("10.244.1.2", 80))


@pytest.fixture
def served(town):
    return replace(
        town,
        cluster_ips=(VIP, "10.96.0.99"),
        frontends=(
            Frontend(cluster_ip=VIP, port=8000, backends=BACKENDS, node_port=30080),
            Frontend(cluster_ip=VIP, port=53, protocol=Protocol.UDP, backends=(("10.244.1.3", 81),)),
            Frontend(cluster_ip="10.96.0.99", port=8000),
        ),
    )


def test_connections_spread_over_the_endpoints_and_keep_their_source(packets, served):
    answers = packets.ask(served, [("y/a", VIP, "TCP", 8000)] * 60)
    assert {(state, source) for state, _, source in answers} == {("open", "10.244.0.3")}
    shares = Counter(receiver for _, receiver, _ in answers)
    assert set(shares) == {"x/a", "x/b"}
    assert min(shares.values()) > 10


def test_each_protocol_has_its_own_port(packets, served):
    probes = [("y/a", VIP, "UDP", 53), ("y/a", VIP, "TCP", 53)]
    assert packets.ask(served, probes) == [["open", "y/b", "10.244.0.3"], ["refused", "", ""]]


def test_a_service_without_endpoints_and_an_unknown_port_refuse(packets, served):
    probes = [
        (source, address, "TCP", port)
        for source in ("y/a", "node1")
        for address, port in (("10.96.0.99", 8000), (VIP, 1))
    ]
    assert {state for state, _, _ in packets.ask(served, probes)} == {"refused"}


def test_a_pod_reaches_itself_through_its_service_even_when_isolated(packets, served):
    alone = NetworkPolicy(
        namespace="x", name="p", pod_selector=LabelSelector(), policy_types=frozenset(Direction)
    )
    frontend = replace(served.frontends[0], backends=BACKENDS[:1])
    picture = replace(served, frontends=(frontend,), policies=(alone,))
    assert packets.ask(picture, [("x/a", VIP, "TCP", 8000)]) == [["open", "x/a", "172.30.0.2"]]


def test_policies_see_the_endpoint_not_the_cluster_ip(packets, served):
    to_x_80 = Rule(
        peers=(Peer(namespace_selector=LabelSelector(match_labels={"team": "a"})),),
        ports=(PolicyPort(port=80),),
    )
    egress = NetworkPolicy(
        namespace="y",
        name="p",
        pod_selector=LabelSelector(),
        policy_types=frozenset({Direction.EGRESS}),
        egress=(to_x_80,),
    )
    probes = [("y/a", VIP, "TCP", 8000), ("y/a", VIP, "UDP", 53)]
    states = [state for state, _, _ in packets.ask(replace(served, policies=(egress,)), probes)]
    assert states == ["open", "silent"]


def test_node_ports_answer_on_every_node(packets, served):
    probes = [
        (source, address, "TCP", 30080)
        for source in ("outside", "y/a", "node1", "node2")
        for address in ("172.30.0.2", "172.30.0.3")
    ] * 4
    answers = packets.ask(served, probes)
    assert {state for state, _, _ in answers} == {"open"}
    assert {receiver for _, receiver, _ in answers} == {"x/a", "x/b"}


def test_nodes_reach_services(packets, served):
    answers = packets.ask(served, [("node1", VIP, "TCP", 8000), ("node2", VIP, "UDP", 53)])
    assert [state for state, _, _ in answers] == ["open", "open"]


def test_pods_keep_their_address_towards_the_outside(packets, served):
    answers = packets.ask(served, [("y/b", "203.0.113.10", "TCP", 80), ("outside", "10.244.1.3", "TCP", 80)])
    assert answers == [["open", "outside", "10.244.1.3"], ["open", "y/b", "203.0.113.10"]]
