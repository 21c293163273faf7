"""The oracle against an engine of other authors, on drawn clusters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.protocol import Protocol
from tests.oracle.agreement.compare import Difference, compare
from tests.oracle.agreement.engine import REFUSED, acceptable, allowed
from tests.oracle.agreement.known_differences import KNOWN_DIFFERENCES
from tests.oracle.cluster import Cluster, asked
from tests.oracle.drawn import clusters, namespace, pod, policy, port

WEB, OTHER = "red/web", "blue/web"


@settings(max_examples=500, derandomize=True)
@given(clusters())
def test_they_agree_on_every_pair_protocol_and_port(cluster):
    _, differences = compare(cluster)
    assert [found for found in differences if not found.known] == []


ONCE = ({"ports": [port(80, "web")]},)
TWICE = ({"ports": [port(80, "web")]}, {"ports": [port(81, "web")]})


def of(spec, *, containers=ONCE, phase="Running"):
    """A cluster of red/web under one policy and blue/web, which has a label that its namespace lacks."""
    return Cluster(
        namespaces=(namespace("red", {"a": "1"}), namespace("blue", {})),
        pods=(
            pod("red", "web", {}, containers, ["10.0.0.1"], phase),
            pod("blue", "web", {"a": "1"}, [{}], ["10.0.0.2"]),
        ),
        policies=(policy("red", "p", {"podSelector": {}} | spec),),
        ports=(80,),
    )


def ingress(peer=None, ports=None):
    rule = ({"from": [peer]} if peer else {}) | ({"ports": ports} if ports else {})
    return {"policyTypes": ["Ingress"], "ingress": [rule]}


def by_namespace(expression):
    return ingress({"namespaceSelector": {"matchExpressions": [expression]}})


SHUT = {"policyTypes": ["Ingress", "Egress"]}
HAS_A = {"matchExpressions": [{"key": "a", "operator": "Exists"}]}
THERE = {
    "a pod and itself": (of(SHUT), WEB, WEB),
    "a pod that has ended": (of({}, phase="Succeeded"), WEB, OTHER),
    "an empty egress list": (of({"egress": []}), WEB, OTHER),
    "a port name twice in a pod": (of(ingress(ports=[{"port": "web"}]), containers=TWICE), OTHER, WEB),
    "a key of pods elsewhere": (of(ingress({"namespaceSelector": {}, "podSelector": HAS_A})), OTHER, WEB),
    "an empty value of namespaces, in": (
        of(by_namespace({"key": "a", "operator": "In", "values": [""]})),
        OTHER,
        WEB,
    ),
    "an empty value of namespaces, not in": (
        of(by_namespace({"key": "a", "operator": "NotIn", "values": [""]})),
        OTHER,
        WEB,
    ),
}


@pytest.mark.parametrize("known", KNOWN_DIFFERENCES, ids=lambda known: known.name)
def test_a_known_difference_is_there(known):
    """So that one which a later version of the engine no longer has is noticed, and removed."""
    cluster, source, destination = THERE[known.name]
    _, differences = compare(cluster)
    point = (source, destination, Protocol.TCP, 80)
    assert Difference(point=point, answer=known.answer, known=known.name) in differences


def test_to_the_engine_an_ip_block_never_means_a_pod():
    """Which is why the oracle is asked with that option."""
    cluster = of(ingress({"ipBlock": {"cidr": "10.0.0.0/8"}}))
    assert (OTHER, WEB, Protocol.TCP, 80) not in allowed(cluster)
    assert asked(cluster, IpBlocksMeanPods.YES)[OTHER, WEB, Protocol.TCP, 80] is Answer.ALLOW


@pytest.mark.parametrize("reason", REFUSED)
def test_what_the_engine_refuses_is_handed_to_it_in_other_words(reason):
    cluster = of({})
    refused = policy("red", "p", REFUSED[reason])
    with pytest.raises(SyntaxError):
        allowed(replace(cluster, policies=(refused,)))
    oracles = asked(replace(cluster, policies=(refused,)))
    assert oracles == asked(replace(cluster, policies=(acceptable(refused),)))
    assert Answer.DENY in oracles.values()
    assert [d for d in compare(replace(cluster, policies=(refused,)))[1] if not d.known] == []
