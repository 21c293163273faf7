"""The lint never breaks, its fixes can be read, and what it calls redundant is redundant."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.lint.covering import covers, covers_block, covers_port
from netprobe.lint.lint import LintOptions, lint
from netprobe.lint.scene import Scene
from netprobe.lint.superfluous import find_superfluous
from netprobe.manifests.policy import decode_policy
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.flow import ExternalRef, Flow, PodRef
from netprobe.model.inventory import Inventory
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
from netprobe.model.topology import (
    ContainerPort,
    ExternalHost,
    Namespace,
    Pod,
    Service,
    ServicePort,
    Topology,
)
from netprobe.oracle.addresses import holds
from netprobe.oracle.decide import Oracle
from netprobe.oracle.ports import admits_port
from netprobe.oracle.selectors import selects

NAME = "kubernetes.io/metadata.name"
NAMESPACES = ("red", "kube-system")
PORTS = (53, 80)
keys = st.sampled_from(("a", "b"))
values = st.sampled_from(("1", "2", "11"))
labels = st.dictionaries(keys, values, max_size=2)
numbers = st.sampled_from(PORTS)


@st.composite
def requirements(draw):
    operator = draw(st.sampled_from(Operator))
    needs_values = operator in (Operator.IN, Operator.NOT_IN)
    chosen = draw(st.lists(values, min_size=1, max_size=2, unique=True)) if needs_values else ()
    return Requirement(key=draw(keys), operator=operator, values=tuple(chosen))


selectors = st.builds(
    LabelSelector,
    match_labels=st.dictionaries(keys, values, max_size=1),
    match_expressions=st.lists(requirements(), max_size=1).map(tuple),
)
namespace_selectors = selectors | st.sampled_from(NAMESPACES).map(
    lambda name: LabelSelector(match_labels={NAME: name})
)
blocks = st.builds(
    IPBlock,
    cidr=st.sampled_from(("10.0.0.0/29", "10.0.0.0/30", "0.0.0.0/0", "192.0.2.0/24")),
    excluded=st.lists(st.sampled_from(("10.0.0.2/31", "10.0.0.0/31")), max_size=1).map(tuple),
)
peers = st.one_of(
    st.builds(Peer, pod_selector=selectors),
    st.builds(Peer, namespace_selector=namespace_selectors),
    st.builds(Peer, namespace_selector=namespace_selectors, pod_selector=selectors),
    st.builds(Peer, ip_block=blocks),
)
ports = st.builds(
    PolicyPort,
    protocol=st.sampled_from(Protocol),
    port=st.sampled_from((None, 53, 80, 81, "web", "none")),
) | st.builds(PolicyPort, port=st.just(79), end_port=st.sampled_from((79, 80, 81)))


def maybe(items):
    return st.none() | st.lists(items, max_size=2).map(tuple)


rules = st.builds(Rule, peers=maybe(peers), ports=maybe(ports))


@st.composite
def policies(draw):
    found = draw(
        st.lists(
            st.builds(
                NetworkPolicy,
                namespace=st.sampled_from(NAMESPACES),
                name=st.just("p"),
                pod_selector=selectors,
                policy_types=st.sets(st.sampled_from(Direction), min_size=1).map(frozenset),
                ingress=maybe(rules),
                egress=maybe(rules),
            ),
            max_size=4,
        )
    )
    return tuple(replace(policy, name=f"p{number}") for number, policy in enumerate(found))


@st.composite
def topologies(draw):
    declared = tuple(
        ContainerPort(number=n, protocol=p, name="web" if n == 80 else "")
        for n in PORTS
        for p in (Protocol.TCP, Protocol.UDP)
    )
    pods = tuple(
        Pod(
            namespace=draw(st.sampled_from(NAMESPACES)),
            name=f"pod-{n}",
            workload=f"w{n}",
            labels=draw(labels),
            ips=(f"10.0.0.{n}",),
            ports=draw(st.sampled_from(((), declared))),
            host_network=draw(st.booleans()) and draw(st.booleans()),
        )
        for n in range(draw(st.sampled_from((0, 3, 3, 3))))
    )
    service = Service(
        namespace="red",
        name="s",
        selector=draw(labels),
        ports=(ServicePort(port=81, target=draw(st.sampled_from((80, "web")))),),
        external_name=draw(st.sampled_from(("", "example.com"))),
    )
    spaces = tuple(Namespace(name=name, labels={NAME: name, **draw(labels)}) for name in NAMESPACES)
    host = ExternalHost(name="outside", address="192.0.2.7")
    return Topology(namespaces=spaces, pods=pods, services=(service,), externals=(host,))


def answers(topology, found):
    oracle = Oracle(topology, found)
    refs = [PodRef(namespace=p.namespace, workload=p.workload) for p in topology.pods]
    return [
        oracle.decide(Flow(source=source, destination=destination, port=port, protocol=protocol)).answer
        for source in refs
        for destination in [*refs, ExternalRef(name="outside")]
        for port in PORTS
        for protocol in (Protocol.TCP, Protocol.UDP)
    ]


@settings(max_examples=80)
@given(topologies(), policies())
def test_whatever_there_is_can_be_linted_and_whole_fixes_are_policies(topology, found):
    for finding in lint(Inventory(topology=topology, policies=found)):
        if finding.fix is None or not finding.fix.yaml:
            continue
        problems = []
        documents = read_documents(finding.fix.yaml, "fix", problems)
        if finding.fix.adds:
            assert all(decode_policy(each, problems) for each in documents)
        assert problems == []


@settings(max_examples=120)
@given(topologies(), policies())
def test_what_is_superfluous_can_go_all_at_once(topology, found):
    superfluous = find_superfluous(Scene(Inventory(topology=topology, policies=found)))
    gone = {policy.name for policy, _ in (*superfluous.duplicates, *superfluous.policies)}
    rules_gone = {(site.policy.name, site.direction, site.number) for site, _ in superfluous.rules}
    left = tuple(without(policy, rules_gone) for policy in found if policy.name not in gone)
    assert answers(topology, left) == answers(topology, found)


def without(policy, gone):
    def kept(direction, rules):
        if rules is None:
            return None
        return tuple(r for n, r in enumerate(rules) if (policy.name, direction, n) not in gone)

    return replace(
        policy,
        ingress=kept(Direction.INGRESS, policy.ingress),
        egress=kept(Direction.EGRESS, policy.egress),
    )


@settings(max_examples=80)
@given(selectors, selectors, labels)
def test_a_wider_selector_selects_whatever_the_narrower_one_does(wide, narrow, found):
    if covers(wide, narrow) and selects(narrow, found):
        assert selects(wide, found)


@settings(max_examples=80)
@given(blocks, blocks)
def test_a_wider_block_holds_whatever_the_narrower_one_does(wide, narrow):
    if covers_block(wide, narrow):
        addresses = [f"10.0.0.{n}" for n in range(12)] + ["192.0.2.7", "203.0.113.1"]
        assert all(holds(wide, each) for each in addresses if holds(narrow, each))


@settings(max_examples=30)
@given(topologies(), policies())
def test_a_rule_that_is_not_asked_is_not_told(topology, found):
    inventory = Inventory(topology=topology, policies=found)
    every = lint(inventory)
    only = lint(inventory, LintOptions(only=frozenset({"no-dns"})))
    but = lint(inventory, LintOptions(disabled=frozenset({"no-dns"})))
    assert sorted(map(str, every)) == sorted(map(str, only + but))


def test_a_wider_port_admits_whatever_the_narrower_one_does():
    """Every pair of entries over a few ports of one pod that gives names to some of them."""
    named = (ContainerPort(number=2, name="two"), ContainerPort(number=3, protocol=Protocol.UDP, name="two"))
    pod = Pod(namespace="red", name="p", ports=named)
    ranges = [(None, None), ("two", None), *((a, b) for a in (1, 2, 3) for b in (None, *range(a, 5)))]
    entries = [
        PolicyPort(protocol=protocol, port=port, end_port=end)
        for protocol in (Protocol.TCP, Protocol.UDP)
        for port, end in ranges
    ]
    claims = [(wide, narrow) for wide in entries for narrow in entries if covers_port(wide, narrow)]
    assert len(claims) > len(entries)
    for wide, narrow in claims:
        for number in range(1, 6):
            for protocol in Protocol:
                if admits_port([narrow], number, protocol, pod):
                    assert admits_port([wide], number, protocol, pod)
