"""The folded table: unfolding it gives the answers of the oracle for every pair of pods."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.model.decision import Answer
from netprobe.model.matrix import OTHER_PORTS
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, Pod, Topology
from netprobe.oracle.decide import Oracle
from netprobe.oracle.table.folding import fold, ref_of
from netprobe.oracle.table.table import TruthTable
from tests.oracle.table.strategies import admin_policies, network_policies, settings_of_blocks, topologies

WEB = (ContainerPort(number=80),)


def unfolded(matrix):
    """Yield source, destination, port, protocol and answer for each two pods."""
    for column in matrix.columns:
        for number, group in enumerate(matrix.groups):
            answer = matrix.answer(number, column)
            for source in group.pods:
                for destination in matrix.groups[column.group].pods:
                    if source != destination:
                        yield source, destination, column.port, column.protocol, answer


@settings(max_examples=120)
@given(
    topologies(),
    st.lists(network_policies, max_size=3),
    st.lists(admin_policies, max_size=2),
    settings_of_blocks,
)
def test_the_unfolded_table_holds_the_answer_for_each_pair_once(topology, policies, admin, setting):
    oracle = Oracle(topology, policies, admin_policies=admin, ip_blocks_mean_pods=setting)
    table = TruthTable(topology, policies, admin_policies=admin, ip_blocks_mean_pods=setting)
    pods = {ref_of(pod): pod for each in table.classes for pod in each.pods}
    found = {}
    for source, destination, port, protocol, answer in unfolded(fold(table, [(79, Protocol.UDP)])):
        assert found.setdefault((source, destination, port, protocol), answer) is answer
        assert oracle.between(pods[source], pods[destination], port, protocol).answer is answer
    ports = {(80, Protocol.TCP), (81, Protocol.TCP), (81, Protocol.UDP), (79, Protocol.UDP)}
    assert {key[2:] for key in found} <= ports
    assert len(found) == len(pods) * (len(pods) - 1) * 3


@settings(max_examples=60)
@given(topologies(), st.lists(network_policies, max_size=3))
def test_no_two_groups_could_be_one(topology, policies):
    matrix = fold(TruthTable(topology, policies))
    by_group = {}
    for number in range(len(matrix.groups)):
        rows = tuple((c.allow >> number & 1, c.maybe >> number & 1) for c in matrix.columns)
        own = [(c.port, c.protocol, c.allow, c.maybe) for c in matrix.columns if c.group == number]
        assert by_group.setdefault((rows, tuple(own)), number) == number


def test_pods_that_no_policy_tells_apart_are_one_group():
    pods = [Pod(namespace=home, name=f"p{n}", ports=WEB) for n in range(3) for home in ("b", "a")]
    matrix = fold(TruthTable(Topology(pods=tuple(pods)), ()))
    (group,) = matrix.groups
    assert [str(pod) for pod in group.pods] == [
        "a/p0[0]",
        "a/p1[0]",
        "a/p2[0]",
        "b/p0[0]",
        "b/p1[0]",
        "b/p2[0]",
    ]
    assert [matrix.answer(0, column) for column in matrix.columns] == [Answer.ALLOW]


def test_pods_without_ports_are_asked_about_named_ports_and_one_that_stands_for_the_others():
    policy = NetworkPolicy(
        namespace="a",
        name="p",
        pod_selector=LabelSelector(),
        policy_types=frozenset((Direction.INGRESS,)),
        ingress=(Rule(peers=(Peer(pod_selector=LabelSelector()),), ports=(PolicyPort(port=5000),)),),
    )
    pods = (Pod(namespace="a", name="bare"), Pod(namespace="a", name="web", ports=WEB))
    matrix = fold(TruthTable(Topology(pods=pods), (policy,)))
    answers = {port: answer for _, to, port, _, answer in unfolded(matrix) if to.workload == "bare"}
    assert answers == {5000: Answer.ALLOW, OTHER_PORTS: Answer.DENY}


def test_without_pods_there_is_nothing():
    matrix = fold(TruthTable(Topology(), ()))
    assert (matrix.groups, matrix.columns) == ((), ())
