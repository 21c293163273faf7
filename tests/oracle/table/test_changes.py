"""What a change of policies opens and closes: exactly the pairs whose answers differ."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, Pod, Topology
from netprobe.oracle.decide import Oracle
from netprobe.oracle.table.changes import compare
from netprobe.oracle.table.folding import ref_of
from netprobe.oracle.table.table import TruthTable
from tests.oracle.table.strategies import admin_policies, network_policies, topologies

WEB = (ContainerPort(number=80),)


def unfolded(change):
    """Yield source, destination, port, protocol and both answers of each single flow that changes."""
    for each in change.changes:
        for source in each.sources:
            for destination in each.destinations:
                if source != destination:
                    yield source, destination, each.port, each.protocol, each.before, each.after


@settings(max_examples=120)
@given(
    topologies(),
    st.lists(network_policies, max_size=3),
    st.lists(network_policies, max_size=3),
    st.lists(admin_policies, max_size=1),
)
def test_exactly_the_pairs_whose_answers_differ_are_listed_once(topology, before, after, admin):
    old = Oracle(topology, before)
    new = Oracle(topology, after, admin_policies=admin)
    tables = TruthTable(topology, before), TruthTable(topology, after, admin_policies=admin)
    change = compare(*tables, [(79, Protocol.UDP)])
    pods = {ref_of(pod): pod for each in tables[0].classes for pod in each.pods}
    expected = {
        (source, destination, *port, was, now)
        for source, one in pods.items()
        for destination, other in pods.items()
        if one is not other
        for port in (*((p.number, p.protocol) for p in other.ports), (79, Protocol.UDP))
        if (was := old.between(one, other, *port).answer)
        is not (now := new.between(one, other, *port).answer)
    }
    listed = list(unfolded(change))
    assert set(listed) == expected
    assert len(listed) == len(expected)
    assert change.flows_compared == len(pods) * (len(pods) - 1) * 3


@settings(max_examples=40)
@given(topologies(), st.lists(network_policies, max_size=3), st.lists(admin_policies, max_size=2))
def test_nothing_changes_between_a_state_and_itself(topology, policies, admin):
    first, second = (TruthTable(topology, policies, admin_policies=admin) for _ in range(2))
    assert compare(first, second).changes == ()


def test_pods_of_one_state_only_are_named_and_not_compared():
    shut = NetworkPolicy(
        namespace="a",
        name="shut",
        pod_selector=LabelSelector(),
        policy_types=frozenset((Direction.INGRESS,)),
    )
    kept, old, new = (Pod(namespace="a", name=name, ports=WEB) for name in ("kept", "old", "new"))
    change = compare(
        TruthTable(Topology(pods=(kept, old)), ()), TruthTable(Topology(pods=(kept, new)), (shut,))
    )
    assert change.changes == ()
    assert change.flows_compared == 0
    assert change.added == (PodRef(namespace="a", workload="new"),)
    assert change.removed == (PodRef(namespace="a", workload="old"),)


def test_like_changes_are_told_together():
    shut = NetworkPolicy(
        namespace="a",
        name="shut",
        pod_selector=LabelSelector(),
        policy_types=frozenset((Direction.INGRESS,)),
    )
    pods = tuple(Pod(namespace=home, name=name, ports=WEB) for home in ("a", "b") for name in ("x", "y"))
    topology = Topology(pods=pods)
    (change,) = compare(TruthTable(topology, ()), TruthTable(topology, (shut,))).changes
    assert (change.before, change.after) == (Answer.ALLOW, Answer.DENY)
    assert [str(pod) for pod in change.destinations] == ["a/x[0]", "a/y[0]"]
    assert len(change.sources) == 4
