"""Strategies that draw small clusters as the oracle sees them, with policies of all kinds."""

from __future__ import annotations

from hypothesis import strategies as st

from netprobe.model.admin_policy import Action, AdminPeer, AdminPolicy, AdminPort, AdminRule, PodsIn, Tier
from netprobe.model.ip_blocks import IpBlocksMeanPods
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
from netprobe.model.topology import ContainerPort, Namespace, Node, Pod, Topology

SPACES = ("red", "blue")
keys = st.sampled_from(("a", "b"))
values = st.sampled_from(("1", "2"))
protocols = st.sampled_from((Protocol.TCP, Protocol.UDP))
V4 = ("10.0.0.1", "10.0.0.2", "10.0.1.1", "192.0.2.1")
V6 = ("fd00::1", "fd00::2", "fd01::1")
CIDRS = ("10.0.0.0/23", "10.0.0.0/31", "192.0.2.0/24", "fd00::/64", "0.0.0.0/0", "::/0")


@st.composite
def requirements(draw):
    operator = draw(st.sampled_from(Operator))
    needs_values = operator in (Operator.IN, Operator.NOT_IN)
    chosen = draw(st.lists(values, min_size=1, max_size=2)) if needs_values else ()
    return Requirement(key=draw(keys), operator=operator, values=tuple(chosen))


selectors = st.builds(
    LabelSelector,
    match_labels=st.dictionaries(keys, values, max_size=1),
    match_expressions=st.lists(requirements(), max_size=1).map(tuple),
)
blocks = st.builds(
    IPBlock, cidr=st.sampled_from(CIDRS), excluded=st.lists(st.sampled_from(CIDRS), max_size=1).map(tuple)
)
peers = st.one_of(
    st.builds(Peer, pod_selector=selectors),
    st.builds(Peer, namespace_selector=selectors),
    st.builds(Peer, namespace_selector=selectors, pod_selector=selectors),
    st.builds(Peer, ip_block=blocks),
)
ports = st.builds(PolicyPort, protocol=protocols, port=st.sampled_from((None, 80, 81, "web", "alt")))
ranges = st.builds(PolicyPort, port=st.just(79), end_port=st.sampled_from((79, 80, 81)))


def maybe(items):
    return st.none() | st.lists(items, max_size=2).map(tuple)


rules = st.builds(Rule, peers=maybe(peers), ports=maybe(ports | ranges))
network_policies = st.builds(
    NetworkPolicy,
    namespace=st.sampled_from(SPACES),
    name=st.just("p"),
    pod_selector=selectors,
    policy_types=st.frozensets(st.sampled_from(Direction), min_size=1),
    ingress=maybe(rules),
    egress=maybe(rules),
)

pods_in = st.builds(PodsIn, namespaces=selectors, pods=st.none() | selectors)
admin_pods = st.builds(AdminPeer, pods=pods_in) | st.just(AdminPeer())
admin_networks = st.builds(
    AdminPeer, networks=st.lists(st.sampled_from(CIDRS), min_size=1, max_size=2).map(tuple)
)
admin_others = st.builds(AdminPeer, nodes=selectors) | admin_networks
admin_ports = st.builds(AdminPort, protocol=protocols, port=st.sampled_from((None, 80, 81))) | st.builds(
    AdminPort, protocol=st.none(), port=st.sampled_from(("web", "alt"))
)


def admin_rules(found):
    return st.lists(
        st.builds(
            AdminRule,
            action=st.sampled_from(Action),
            peers=st.lists(found, min_size=1, max_size=2).map(tuple),
            ports=st.none() | st.lists(admin_ports, min_size=1, max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple)


admin_policies = st.builds(
    AdminPolicy,
    kind=st.just("ClusterNetworkPolicy"),
    name=st.just("c"),
    tier=st.sampled_from(Tier),
    priority=st.integers(0, 2),
    subject=pods_in,
    ingress=admin_rules(admin_pods | admin_networks),
    egress=admin_rules(admin_pods | admin_others),
)
addresses = st.one_of(
    st.tuples(st.sampled_from(V4)),
    st.tuples(st.sampled_from(V6)),
    st.tuples(st.sampled_from(V4), st.sampled_from(V6)),
    st.tuples(st.sampled_from(V6), st.sampled_from(V4)),
    st.just(()),
)
labels = st.dictionaries(keys, values, max_size=2)
declared = st.sampled_from((
    (ContainerPort(number=80, name="web"), ContainerPort(number=81, name="alt", protocol=Protocol.UDP)),
    (ContainerPort(number=80, name="alt"), ContainerPort(number=81, name="web")),
))  # fmt: skip


@st.composite
def topologies(draw):
    pods = tuple(
        Pod(
            namespace=draw(st.sampled_from((*SPACES, "green", "grey"))),
            name=f"pod-{n}",
            workload=f"w{n}",
            labels=draw(labels),
            ips=draw(addresses),
            ports=draw(declared),
            node=draw(st.sampled_from(("", "one", "two"))),
            host_network=draw(st.sampled_from((False, False, False, True))),
            phase=draw(st.sampled_from(("Running", "Running", "Running", "Succeeded"))),
        )
        for n in range(5)
    )
    spaces = tuple(Namespace(name=name, labels=draw(labels)) for name in (*SPACES, "green", "grey"))
    nodes = (
        Node(name="one", addresses=("192.0.2.1",), labels=draw(labels)),
        Node(name="two", addresses=("10.0.0.1", "fd00::1"), labels=draw(labels)),
    )
    return Topology(namespaces=spaces, pods=pods, nodes=nodes)


settings_of_blocks = st.sampled_from(IpBlocksMeanPods)
