"""The table against the oracle, pair by pair: two ways to the same answers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.model.decision import Answer
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, PolicyPort, Rule
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod, Topology
from netprobe.oracle.decide import Oracle
from netprobe.oracle.table.table import TruthTable
from tests.oracle.table.strategies import (
    admin_policies,
    network_policies,
    settings_of_blocks,
    topologies,
)


def differences(topology, policies, admin, setting):
    oracle = Oracle(topology, policies, admin_policies=admin, ip_blocks_mean_pods=setting)
    table = TruthTable(topology, policies, admin_policies=admin, ip_blocks_mean_pods=setting)
    numbered = [(n, pod) for n, each in enumerate(table.classes) for pod in each.pods]
    for s, source in numbered:
        for d, destination in numbered:
            if source is not destination:
                for port in (80, 81):
                    for protocol in (Protocol.TCP, Protocol.UDP):
                        decision = oracle.between(source, destination, port, protocol)
                        found = table.answer(s, d, port, protocol)
                        if found is not decision.answer:
                            yield source, destination, port, protocol, found, decision


@settings(max_examples=250)
@given(topologies(), st.lists(network_policies, max_size=4), settings_of_blocks)
def test_the_table_agrees_with_the_oracle(topology, policies, setting):
    assert next(differences(topology, policies, (), setting), None) is None


@settings(max_examples=250)
@given(
    topologies(),
    st.lists(network_policies, max_size=2),
    st.lists(admin_policies, min_size=1, max_size=3),
    settings_of_blocks,
)
def test_the_table_agrees_with_the_oracle_about_cluster_wide_policies(topology, policies, admin, setting):
    assert next(differences(topology, policies, admin, setting), None) is None


def test_finished_pods_take_no_part():
    done = Pod(namespace="red", name="done", phase="Failed")
    assert TruthTable(Topology(pods=(done,)), ()).classes == ()


def test_equal_pods_are_one_class():
    pods = tuple(
        Pod(namespace="red", name=f"p{n}", workload="w", index=n, labels={"app": "w", "hash": str(n)})
        for n in range(9)
    )
    table = TruthTable(Topology(pods=pods), ())
    assert [len(each.pods) for each in table.classes] == [9]
    assert table.answer(0, 0, 80, Protocol.TCP) is Answer.ALLOW


def test_pods_without_ports_have_those_that_rules_about_them_name():
    pods = (Pod(namespace="red", name="a"), Pod(namespace="blue", name="b"))
    ports = (PolicyPort(port=80), PolicyPort(port=90, end_port=92), PolicyPort(port="web"))
    policy = NetworkPolicy(
        namespace="red",
        name="p",
        pod_selector=LabelSelector(),
        policy_types=frozenset((Direction.INGRESS,)),
        ingress=(Rule(ports=ports),),
    )
    table = TruthTable(Topology(pods=pods), (policy,))
    assert table.ports(0) == ((80, Protocol.TCP), (90, Protocol.TCP), (92, Protocol.TCP))
    assert table.ports(1) == ()
