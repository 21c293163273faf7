"""Properties of all decisions."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.model.decision import Answer
from netprobe.model.flow import Flow, PodRef
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
from netprobe.model.topology import ContainerPort, Namespace, Pod, Topology
from netprobe.oracle.decide import Oracle

NAMESPACES = ("red", "blue")
PORTS = (80, 81)
NAMES = {80: "web", 81: "alt"}

keys = st.sampled_from(("a", "b"))
values = st.sampled_from(("1", "2"))
labels = st.dictionaries(keys, values, max_size=2)


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
blocks = st.sampled_from((
    IPBlock(cidr="10.0.0.0/30"),
    IPBlock(cidr="10.0.0.0/8", excluded=("10.0.0.2/31",)),
    IPBlock(cidr="192.0.2.0/24"),
))  # fmt: skip
peers = st.one_of(
    st.builds(Peer, pod_selector=selectors),
    st.builds(Peer, namespace_selector=selectors),
    st.builds(Peer, namespace_selector=selectors, pod_selector=selectors),
    st.builds(Peer, ip_block=blocks),
)
ports = st.builds(
    PolicyPort,
    protocol=st.sampled_from((Protocol.TCP, Protocol.UDP)),
    port=st.sampled_from((None, 80, 81, 79, "web", "alt", "none")),
)
ranges = st.builds(PolicyPort, port=st.just(79), end_port=st.sampled_from((79, 80, 81)))


def maybe(items):
    return st.none() | st.lists(items, max_size=2).map(tuple)


rules = st.builds(Rule, peers=maybe(peers), ports=maybe(ports | ranges))


@st.composite
def network_policies(draw):
    return NetworkPolicy(
        namespace=draw(st.sampled_from(NAMESPACES)),
        name="p",
        pod_selector=draw(selectors),
        policy_types=frozenset(draw(st.sets(st.sampled_from(Direction), min_size=1))),
        ingress=draw(maybe(rules)),
        egress=draw(maybe(rules)),
    )


policy_lists = st.lists(network_policies(), max_size=4)


@st.composite
def topologies(draw):
    container_ports = tuple(ContainerPort(number=n, name=NAMES[n]) for n in PORTS)
    pods = tuple(
        Pod(
            namespace=draw(st.sampled_from(NAMESPACES)),
            name=f"pod-{n}",
            workload=f"w{n}",
            labels=draw(labels),
            ips=(f"10.0.0.{n}",),
            ports=container_ports,
        )
        for n in range(4)
    )
    namespaces = tuple(Namespace(name=name, labels=draw(labels)) for name in NAMESPACES)
    return Topology(namespaces=namespaces, pods=pods)


def flows(topology, protocols=(Protocol.TCP, Protocol.UDP)):
    refs = [PodRef(namespace=p.namespace, workload=p.workload) for p in topology.pods]
    for source in refs:
        for destination in refs:
            for port in PORTS:
                for protocol in protocols:
                    yield Flow(source=source, destination=destination, port=port, protocol=protocol)


def answers(topology, policies):
    oracle = Oracle(topology, policies)
    return [oracle.decide(flow).answer for flow in flows(topology)]


LEVEL = {Answer.DENY: 0, Answer.UNDEFINED: 1, Answer.ALLOW: 2}


@settings(max_examples=40)
@given(topologies())
def test_without_policies_all_is_allowed(topology):
    assert set(answers(topology, [])) == {Answer.ALLOW}


@settings(max_examples=40)
@given(topologies(), policy_lists, st.randoms())
def test_the_order_of_policies_does_not_matter(topology, policies, random):
    shuffled = list(policies)
    random.shuffle(shuffled)
    assert answers(topology, policies) == answers(topology, shuffled)


@settings(max_examples=40)
@given(topologies(), policy_lists, network_policies())
def test_a_policy_that_selects_nothing_changes_nothing(topology, policies, extra):
    nobody = LabelSelector(match_labels={"a": "nobody"})
    assert answers(topology, [*policies, replace(extra, pod_selector=nobody)]) == answers(topology, policies)


@settings(max_examples=40)
@given(topologies(), st.lists(network_policies(), min_size=1, max_size=4), rules, st.data())
def test_a_further_rule_never_takes_access_away(topology, policies, rule, data):
    number = data.draw(st.integers(0, len(policies) - 1))
    old = policies[number]
    more = replace(old, ingress=(*(old.ingress or ()), rule), egress=(*(old.egress or ()), rule))
    changed = [more if n == number else policy for n, policy in enumerate(policies)]
    before, after = answers(topology, policies), answers(topology, changed)
    assert all(LEVEL[new] >= LEVEL[old] for old, new in zip(before, after, strict=True))


@settings(max_examples=40)
@given(topologies(), policy_lists)
def test_an_isolating_policy_without_rules_never_gives_access(topology, policies):
    shut = NetworkPolicy(
        namespace="red", name="shut", pod_selector=LabelSelector(), policy_types=frozenset(Direction)
    )
    before, after = answers(topology, policies), answers(topology, [*policies, shut])
    assert all(LEVEL[new] <= LEVEL[old] for old, new in zip(before, after, strict=True))


@settings(max_examples=40)
@given(topologies(), policy_lists)
def test_a_port_name_means_the_same_as_its_number_for_tcp(topology, policies):
    """Every pod here gives the same names to the same numbers."""
    numbers: dict[object, int] = {name: number for number, name in NAMES.items()}

    def by_number(found):
        if found is None:
            return None
        return tuple(
            replace(
                rule,
                ports=None
                if rule.ports is None
                else tuple(
                    replace(entry, port=numbers.get(entry.port, entry.port))
                    if entry.protocol is Protocol.TCP
                    else entry
                    for entry in rule.ports
                ),
            )
            for rule in found
        )

    changed = [replace(p, ingress=by_number(p.ingress), egress=by_number(p.egress)) for p in policies]
    assert answers(topology, policies) == answers(topology, changed)


@settings(max_examples=40)
@given(topologies(), policy_lists)
def test_every_decision_explains_itself(topology, policies):
    oracle = Oracle(topology, policies)
    for flow in flows(topology, protocols=(Protocol.TCP,)):
        decision = oracle.decide(flow)
        assert decision.reason.split(" ", 1)[0].rstrip(":") in ("allowed", "denied", "undefined")
        for end in (decision.egress, decision.ingress):
            assert end.reason
            assert bool(end.isolating) >= bool(end.allowing)
            assert end.isolating or end.answer is Answer.ALLOW
