"""Compiled rules against the kernel: real packets, judged by a naive reading of the reference."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profiles import NONE
from netprobe.model.policy import (
    Direction,
    IPBlock,
    LabelSelector,
    NetworkPolicy,
    Operator,
    Peer,
    PolicyPort,
    Requirement,
    Rule,
)
from netprobe.model.protocol import Protocol

pytestmark = pytest.mark.lab

OUTSIDE = "203.0.113.10"

# --- a naive reading: for one packet, ask every policy, rule, peer and port in turn


def naive_selects(selector, labels):
    for key, value in selector.match_labels.items():
        if labels.get(key) != value:
            return False
    for one in selector.match_expressions:
        if one.operator is Operator.IN and labels.get(one.key) not in one.values:
            return False
        if one.operator is Operator.NOT_IN and one.key in labels and labels[one.key] in one.values:
            return False
        if one.operator is Operator.EXISTS and one.key not in labels:
            return False
        if one.operator is Operator.DOES_NOT_EXIST and one.key in labels:
            return False
    return True


def naive_peer(picture, policy, peer, address, pod):
    if peer.ip_block is not None:
        inside = [
            ipaddress.ip_address(address) in ipaddress.ip_network(cidr, strict=False)
            for cidr in (peer.ip_block.cidr, *peer.ip_block.excluded)
        ]
        return inside[0] and not any(inside[1:])
    if pod is None:
        return False
    labels = {namespace.name: namespace.labels for namespace in picture.namespaces}[pod.namespace]
    if peer.namespace_selector is None and pod.namespace != policy.namespace:
        return False
    if peer.namespace_selector is not None and not naive_selects(peer.namespace_selector, labels):
        return False
    return peer.pod_selector is None or naive_selects(peer.pod_selector, pod.labels)


def naive_port(port, destination, protocol, number):
    if port.protocol != protocol:
        return False
    if port.port is None:
        return True
    if isinstance(port.port, str):
        declared = destination.ports if destination else ()
        return any((one.name, one.protocol, one.number) == (port.port, protocol, number) for one in declared)
    return port.port <= number <= (port.port if port.end_port is None else port.end_port)


def naive_end(picture, pod, direction, peer, packet):
    """Whether one end lets a packet (protocol, port) from or to a peer (address, pod) through."""
    peer_address, peer_pod = peer
    destination = pod if direction is Direction.INGRESS else peer_pod
    isolated = False
    for policy in picture.policies:
        if policy.namespace != pod.namespace or direction not in policy.policy_types:
            continue
        if not naive_selects(policy.pod_selector, pod.labels):
            continue
        isolated = True
        for rule in (policy.ingress if direction is Direction.INGRESS else policy.egress) or ():
            peers, ports = rule.peers or (), rule.ports or ()
            peer_ok = not peers or any(
                naive_peer(picture, policy, one, peer_address, peer_pod) for one in peers
            )
            port_ok = not ports or any(naive_port(one, destination, *packet) for one in ports)
            if peer_ok and port_ok:
                return True
    return not isolated


def naive_flow(picture, source, address, protocol, number):
    by_name = {f"{pod.namespace}/{pod.name}": pod for pod in picture.pods}
    by_address = {pod.ips[0]: pod for pod in picture.pods}
    sender, receiver = by_name.get(source), by_address.get(address)
    sender_address = sender.ips[0] if sender else OUTSIDE
    if sender_address == address:
        return True
    packet = (protocol, number)
    leaves = sender is None or naive_end(picture, sender, Direction.EGRESS, (address, receiver), packet)
    at_sender = (sender_address, sender)
    enters = receiver is None or naive_end(picture, receiver, Direction.INGRESS, at_sender, packet)
    return leaves and enters


# --- arbitrary policies over the town

requirements = st.builds(
    Requirement,
    key=st.sampled_from(["app", "tier", "team"]),
    operator=st.sampled_from([Operator.IN, Operator.NOT_IN]),
    values=st.lists(st.sampled_from(["a", "b", "web", ""]), min_size=1, max_size=2).map(tuple),
) | st.builds(
    Requirement,
    key=st.sampled_from(["app", "tier", "team"]),
    operator=st.sampled_from([Operator.EXISTS, Operator.DOES_NOT_EXIST]),
)


def selectors(key, values):
    return st.builds(
        LabelSelector,
        match_labels=st.dictionaries(st.just(key), st.sampled_from(values), max_size=1),
        match_expressions=st.lists(requirements, max_size=1).map(tuple),
    )


pod_selectors = selectors("app", ["a", "b"])
namespace_selectors = selectors("team", ["a", "b"])
blocks = st.sampled_from(
    [
        IPBlock(cidr="0.0.0.0/0"),
        IPBlock(cidr="0.0.0.0/0", excluded=("10.244.0.0/24", "10.244.1.3/32")),
        IPBlock(cidr="10.244.0.2/32"),
        IPBlock(cidr="10.244.1.77/16", excluded=("10.244.1.2/31",)),
        IPBlock(cidr="203.0.113.0/24"),
        IPBlock(cidr="203.0.113.0/24", excluded=("203.0.113.10/32",)),
        IPBlock(cidr="10.244.0.0/24", excluded=("10.244.0.0/24",)),
        IPBlock(cidr="fd00::/8"),
    ]
)
peers = (
    st.builds(Peer, pod_selector=pod_selectors)
    | st.builds(Peer, namespace_selector=namespace_selectors)
    | st.builds(Peer, pod_selector=pod_selectors, namespace_selector=namespace_selectors)
    | st.builds(Peer, ip_block=blocks)
)
ports = st.sampled_from(
    [
        PolicyPort(),
        PolicyPort(protocol=Protocol.UDP),
        PolicyPort(protocol=Protocol.SCTP, port=80),
        PolicyPort(port=80),
        PolicyPort(port=81, protocol=Protocol.UDP),
        PolicyPort(port=80, end_port=81),
        PolicyPort(port=81, end_port=65535),
        PolicyPort(port=1, end_port=80, protocol=Protocol.UDP),
        PolicyPort(port="http"),
        PolicyPort(port="dns", protocol=Protocol.UDP),
        PolicyPort(port="dns"),
        PolicyPort(port="absent"),
    ]
)
rules = st.builds(
    Rule,
    peers=st.none() | st.lists(peers, max_size=2).map(tuple),
    ports=st.none() | st.lists(ports, max_size=3).map(tuple),
)
rule_lists = st.none() | st.lists(rules, max_size=2).map(tuple)
policies = st.lists(
    st.builds(
        NetworkPolicy,
        namespace=st.sampled_from(["x", "y"]),
        name=st.sampled_from(["p", "q", "r"]),
        pod_selector=pod_selectors,
        policy_types=st.frozensets(st.sampled_from(list(Direction)), min_size=1),
        ingress=rule_lists,
        egress=rule_lists,
    ),
    max_size=4,
    unique_by=lambda policy: (policy.namespace, policy.name),
).map(tuple)

PROBES = [
    (source, address, protocol, port)
    for source in ("x/a", "y/a", "x/b", "y/b", "outside")
    for address in ("10.244.0.2", "10.244.0.3", "10.244.1.2", "10.244.1.3", OUTSIDE)
    for protocol in ("TCP", "UDP")
    for port in (80, 81)
    if (source, address) != ("outside", OUTSIDE)
]


def disagreements(picture: Picture, results):
    return [
        (probe, state)
        for probe, (state, _, _) in zip(PROBES, results, strict=True)
        if (state == "open") != naive_flow(picture, *probe) or state == "refused"
    ]


@pytest.mark.slow
@given(policies=policies)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_kernel_does_what_the_reference_says(packets, town, policies):
    picture = replace(town, policies=policies)
    assert disagreements(picture, packets.ask(picture, PROBES)) == []


def test_without_policies_everything_is_open(packets, town):
    assert {state for state, _, _ in packets.ask(town, PROBES)} == {"open"}


def test_deny_all_shuts_everything_but_a_pod_to_itself(packets, town):
    deny = tuple(
        NetworkPolicy(
            namespace=name, name="deny", pod_selector=LabelSelector(), policy_types=frozenset(Direction)
        )
        for name in ("x", "y")
    )
    picture = replace(town, policies=deny)
    itself = {("x/a", "10.244.0.2"), ("y/a", "10.244.0.3"), ("x/b", "10.244.1.2"), ("y/b", "10.244.1.3")}
    answers = packets.ask(picture, PROBES)
    for probe, (state, _, _) in zip(PROBES, answers, strict=True):
        assert state == ("open" if probe[:2] in itself else "silent"), probe
    assert {state for state, _, _ in packets.ask(picture, PROBES, NONE)} == {"open"}


def test_a_node_always_reaches_its_own_pods_and_another_node_is_an_address(packets, town):
    deny = NetworkPolicy(
        namespace="x", name="deny", pod_selector=LabelSelector(), policy_types=frozenset(Direction)
    )
    probes = [
        (node, address, protocol, 80)
        for node in ("node1", "node2")
        for address in ("10.244.0.2", "10.244.1.2")
        for protocol in ("TCP", "UDP")
    ]
    own = {("node1", "10.244.0.2"), ("node2", "10.244.1.2")}
    answers = packets.ask(replace(town, policies=(deny,)), probes)
    for probe, (state, _, _) in zip(probes, answers, strict=True):
        assert state == ("open" if probe[:2] in own else "silent"), probe
    admitted = replace(deny, ingress=(Rule(peers=(Peer(ip_block=IPBlock(cidr="172.30.0.0/24")),)),))
    answers = packets.ask(replace(town, policies=(admitted,)), probes)
    assert {state for state, _, _ in answers} == {"open"}


def test_a_pod_that_the_rules_do_not_know_is_shut_only_while_there_are_policies(packets, town):
    known = tuple(pod for pod in town.pods if (pod.namespace, pod.name) != ("y", "a"))
    probes = [
        ("y/a", "10.244.1.2", "TCP", 80),
        ("x/b", "10.244.0.3", "UDP", 80),
        ("x/b", "10.244.0.2", "TCP", 80),
    ]
    inert = NetworkPolicy(
        namespace="elsewhere", name="p", pod_selector=LabelSelector(), policy_types=frozenset(Direction)
    )
    before = packets.ask(replace(town, pods=known), probes)
    assert [state for state, _, _ in before] == ["open", "open", "open"]
    after = packets.ask(replace(town, pods=known, policies=(inert,)), probes)
    assert [state for state, _, _ in after] == ["silent", "silent", "open"]


@pytest.mark.parametrize("change", [{"phase": "Succeeded"}, {"host_network": True}])
def test_an_address_of_an_ended_or_host_network_pod_is_nobodys(packets, town, change):
    """Its labels neither admit nor isolate whoever has the address now."""
    ghost = replace(
        town.pods[0], namespace="x", name="ghost", labels={"app": "ghost"}, ips=("10.244.1.3",), **change
    )
    only_ghost = LabelSelector(match_labels={"app": "ghost"})
    admit_ghost = NetworkPolicy(
        namespace="x",
        name="p",
        pod_selector=LabelSelector(),
        policy_types=frozenset({Direction.INGRESS}),
        ingress=(Rule(peers=(Peer(pod_selector=only_ghost),)),),
    )
    picture = replace(town, pods=(*town.pods, ghost), policies=(admit_ghost,))
    answers = packets.ask(picture, [("y/b", "10.244.0.2", "TCP", 80), ("x/a", "10.244.1.3", "TCP", 80)])
    assert [state for state, _, _ in answers] == ["silent", "open"]
