"""The compiled text of the guide's three-tier example, to the letter, and what it may depend on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.datapath.compiling import compile_node, compile_nodes
from netprobe.lab.datapath.picture import Frontend, NodeAddress, Picture
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, Namespace, Pod

GOLDEN = Path(__file__).with_name("three_tier.node1.nft")


def tier(name):
    return LabelSelector(match_labels={"tier": name})


def rule(peer, port):
    return Rule(peers=(peer,), ports=(PolicyPort(port=port),))


def policy(name, ingress, egress):
    return NetworkPolicy(
        namespace="production",
        name=f"{name}-policy",
        pod_selector=tier(name),
        policy_types=frozenset(Direction),
        ingress=ingress,
        egress=egress,
    )


def pod(namespace, name, address, node, **labels):
    ports = (ContainerPort(number=8080),)
    return Pod(namespace=namespace, name=name, ips=(address,), node=node, ports=ports, labels=labels)


@pytest.fixture(scope="module")
def three_tier() -> Picture:
    """The guide's application: controller → frontend → api → database, DNS beside it."""
    return Picture(
        namespaces=(
            Namespace(name="production"),
            Namespace(name="ingress-nginx", labels={"app": "ingress-nginx"}),
            Namespace(name="kube-system"),
        ),
        pods=(
            pod("production", "frontend-1", "10.244.0.2", "node1", tier="frontend"),
            pod("production", "frontend-2", "10.244.1.2", "node2", tier="frontend"),
            pod("production", "api-1", "10.244.0.3", "node1", tier="api"),
            pod("production", "database-1", "10.244.0.4", "node1", tier="database"),
            pod("ingress-nginx", "controller-1", "10.244.1.3", "node2"),
            pod("kube-system", "coredns-1", "10.244.0.5", "node1"),
        ),
        policies=(
            policy(
                "frontend",
                (rule(Peer(namespace_selector=LabelSelector(match_labels={"app": "ingress-nginx"})), 8080),),
                (rule(Peer(pod_selector=tier("api")), 8080),),
            ),
            policy(
                "api",
                (rule(Peer(pod_selector=tier("frontend")), 8080),),
                (rule(Peer(pod_selector=tier("database")), 5432),),
            ),
            policy("database", (rule(Peer(pod_selector=tier("api")), 5432),), None),
        ),
        frontends=(
            Frontend(cluster_ip="10.96.0.10", port=53, protocol=Protocol.UDP, backends=(("10.244.0.5", 53),)),
        ),
        cluster_ips=("10.96.0.10",),
        nodes=(
            NodeAddress(name="node1", address="172.30.0.2", pod_cidr="10.244.0.0/24"),
            NodeAddress(name="node2", address="172.30.0.3", pod_cidr="10.244.1.0/24"),
        ),
    )


def test_the_three_tier_example_compiles_to_the_golden_text(three_tier):
    assert compile_node(three_tier, "node1") == GOLDEN.read_text(encoding="utf-8")


def test_a_node_holds_only_the_rules_of_its_own_pods(three_tier):
    text = compile_node(three_tier, "node2")
    assert "10.244.1.2 : jump egress_1" in text
    assert "10.244.1.2 : jump ingress_1" in text
    assert "10.244.0.4 : jump" not in text
    assert "database-policy" not in text


@given(data=st.data())
def test_the_order_of_the_store_does_not_change_the_text(data, three_tier):
    shuffled = replace(
        three_tier,
        pods=tuple(data.draw(st.permutations(three_tier.pods))),
        policies=tuple(data.draw(st.permutations(three_tier.policies))),
        namespaces=tuple(data.draw(st.permutations(three_tier.namespaces))),
    )
    assert compile_nodes(shuffled) == compile_nodes(three_tier)


def test_an_unknown_node_is_an_error(three_tier):
    with pytest.raises(KeyError):
        compile_node(three_tier, "node9")
