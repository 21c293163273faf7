"""Where pods may run and where they run best."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.control.placement import Unsupported, choose_node, fits_node

HOSTNAME = "kubernetes.io/hostname"
SELF = {"matchLabels": {"app": "web"}}


def node(name, *, unschedulable=False, **labels):
    meta = {"name": name, "labels": {HOSTNAME: name, **labels}}
    return {"metadata": meta, "spec": {"unschedulable": True} if unschedulable else {}}


def pod(*, owner="", namespace="default", app="web", **spec):
    meta = {"namespace": namespace, "name": "p", "labels": {"app": app}}
    if owner:
        meta["ownerReferences"] = [{"uid": owner, "kind": "ReplicaSet", "name": owner, "controller": True}]
    return {"metadata": meta, "spec": spec}


def required(expressions=(), fields=()):
    term = {"matchExpressions": list(expressions), "matchFields": list(fields)}
    affinity = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    return {"nodeAffinity": affinity}


def among_pods(kind, **term):
    term = {"topologyKey": HOSTNAME, "labelSelector": SELF, **term}
    return {kind: {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


TWO = [node("node1"), node("node2", disk="ssd")]


@pytest.mark.parametrize(
    ("spec", "chosen"),
    [
        ({}, "node1"),
        ({"nodeSelector": {"disk": "ssd"}}, "node2"),
        ({"nodeSelector": {HOSTNAME: "node2"}}, "node2"),
        ({"nodeSelector": {"disk": "hdd"}}, ""),
        (
            {"affinity": required([{"key": HOSTNAME, "operator": "In", "values": ["node2", "node3"]}])},
            "node2",
        ),
        ({"affinity": required([{"key": "disk", "operator": "Exists"}])}, "node2"),
        ({"affinity": required([{"key": "disk", "operator": "DoesNotExist"}])}, "node1"),
        ({"affinity": required([{"key": "disk", "operator": "NotIn", "values": ["ssd"]}])}, "node1"),
        (
            {"affinity": required([], [{"key": "metadata.name", "operator": "In", "values": ["node2"]}])},
            "node2",
        ),
        ({"affinity": required()}, ""),  # an empty term takes no node
    ],
)
def test_the_node_that_the_spec_asks_for(spec, chosen):
    assert choose_node(pod(**spec), TWO, {}) == chosen


def test_a_cordoned_node_takes_nothing_new():
    assert choose_node(pod(), [node("node1", unschedulable=True), node("node2")], {}) == "node2"


def test_replicas_spread_before_nodes_are_balanced():
    strangers = [pod(app="other"), pod(app="other")]
    there = {"node1": [pod(owner="a")], "node2": strangers}
    assert choose_node(pod(owner="a"), TWO, there) == "node2"
    assert choose_node(pod(owner="b"), TWO, there) == "node1"


def test_anti_affinity_is_kept_by_both_sides():
    alone = pod(affinity=among_pods("podAntiAffinity"))
    assert choose_node(alone, TWO, {"node1": [pod()]}) == "node2"
    assert choose_node(pod(), TWO, {"node1": [alone]}) == "node2"
    assert choose_node(alone, TWO, {"node1": [pod()], "node2": [pod()]}) == ""
    assert choose_node(alone, TWO[:1], {"node1": [pod(namespace="elsewhere")]}) == "node1"


def test_affinity_follows_and_the_first_of_its_kind_may_start():
    together = pod(affinity=among_pods("podAffinity"))
    assert choose_node(together, TWO, {"node2": [pod()]}) == "node2"
    assert choose_node(together, TWO, {}) == "node1"
    with_db = pod(affinity=among_pods("podAffinity", labelSelector={"matchLabels": {"app": "db"}}))
    assert choose_node(with_db, TWO, {}) == ""
    assert choose_node(with_db, TWO, {"node2": [pod(app="db")]}) == "node2"


def test_terminating_pods_no_longer_count():
    leaving = pod()
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert choose_node(pod(affinity=among_pods("podAntiAffinity")), TWO[:1], {"node1": [leaving]}) == "node1"


@given(placed=st.lists(st.sampled_from(["node1", "node2", "node3"]), max_size=12), skew=st.integers(1, 3))
def test_a_spread_constraint_is_never_exceeded(placed, skew):
    nodes = [node("node1"), node("node2"), node("node3")]
    there = {name: [pod()] * placed.count(name) for name in ("node1", "node2", "node3")}
    constraint = {
        "topologyKey": HOSTNAME,
        "maxSkew": skew,
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": SELF,
    }
    chosen = choose_node(pod(topologySpreadConstraints=[constraint]), nodes, there)
    counts = {name: len(pods) for name, pods in there.items()}
    assert counts[chosen] == min(counts.values())


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"affinity": among_pods("podAffinity", topologyKey="topology.kubernetes.io/zone")}, "topology key"),
        ({"affinity": among_pods("podAntiAffinity", namespaceSelector={})}, "namespaceSelector"),
        ({"topologySpreadConstraints": [{"topologyKey": "rack"}]}, "rack"),
        ({"affinity": required([{"key": "cores", "operator": "Gt", "values": ["3"]}])}, "Gt"),
    ],
)
def test_what_the_lab_does_not_know_is_named(spec, words):
    with pytest.raises(Unsupported, match=words):
        choose_node(pod(**spec), TWO, {})


def test_node_selector_and_affinity_must_both_hold():
    spec = {
        "nodeSelector": {"disk": "ssd"},
        "affinity": required([{"key": HOSTNAME, "operator": "In", "values": ["node1"]}]),
    }
    assert not any(fits_node(spec, one) for one in TWO)
