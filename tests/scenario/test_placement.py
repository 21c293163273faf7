"""Names of namespaces on the way to the cluster and back."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.scenario.placement import LONGEST, NAME_LABEL, Placement

NAMES = st.from_regex(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", fullmatch=True).filter(
    lambda name: not name.startswith("np-")
)
OURS = ("production", "x")
NAMESPACES = st.sampled_from((*OURS, "kube-system", "default"))


REQUIREMENTS = st.fixed_dictionaries(
    {"key": st.sampled_from((NAME_LABEL, "app")), "operator": st.sampled_from(("In", "NotIn", "Exists"))},
    optional={"values": st.lists(NAMESPACES, max_size=3)},
)
SELECTORS = st.fixed_dictionaries(
    {},
    optional={
        "matchLabels": st.dictionaries(st.sampled_from((NAME_LABEL, "app")), NAMESPACES),
        "matchExpressions": st.lists(REQUIREMENTS, max_size=2),
    },
)
PEERS = st.fixed_dictionaries({}, optional={"podSelector": SELECTORS, "namespaceSelector": SELECTORS})
POLICIES = st.fixed_dictionaries(
    {
        "apiVersion": st.just("networking.k8s.io/v1"),
        "kind": st.just("NetworkPolicy"),
        "metadata": st.fixed_dictionaries({"name": NAMES, "namespace": NAMESPACES}),
        "spec": st.fixed_dictionaries(
            {"podSelector": SELECTORS},
            optional={
                "ingress": st.lists(
                    st.fixed_dictionaries({}, optional={"from": st.lists(PEERS, max_size=2)}), max_size=2
                ),
                "egress": st.lists(
                    st.fixed_dictionaries({}, optional={"to": st.lists(PEERS, max_size=2)}), max_size=2
                ),
            },
        ),
    }
)


@given(body=POLICIES, exact=st.booleans())
def test_unplacing_undoes_placing(body: dict[str, object], *, exact: bool) -> None:
    before = copy.deepcopy(body)
    placement = Placement("r1", OURS, exact=exact)
    placed = placement.place(body)
    assert placement.unplace(placed) == body == before
    if exact:
        assert placed == body


@given(POLICIES)
def test_placing_undoes_unplacing_of_what_the_cluster_holds(body: dict[str, object]) -> None:
    # Here "production" is a namespace that the cluster had before.
    placement = Placement("r1", OURS)
    assert placement.place(placement.unplace(body)) == body


@given(st.lists(NAMES, unique=True, max_size=6), NAMES)
def test_names_are_two_way_and_fit(declared: list[str], other: str) -> None:
    placement = Placement("7f3a", declared)
    for name in declared:
        assert placement.original(placement.placed(name)) == name
        assert len(placement.placed(name)) <= LONGEST
        assert placement.placed(name).startswith("np-7f3a-")
    assert len(set(placement.namespaces)) == len(declared)
    assert placement.placed(placement.original(other)) == other
    if other not in declared:
        assert placement.original(other) == placement.placed(other) == other


def test_a_long_name_is_cut_and_told_apart() -> None:
    one, two = "a" * 60 + "-1", "a" * 60 + "-2"
    placement = Placement("run", (one, two))
    first, second = placement.namespaces
    assert first != second
    assert len(first) == len(second) == 63


def test_the_cluster_s_own_namespace_of_the_same_name_is_marked() -> None:
    placement = Placement("run", ("production",))
    assert placement.original("production") == "production@cluster"
    assert placement.placed("production@cluster") == "production"
    assert placement.original("np-run-production") == "production"
    assert Placement("run", ("production",), exact=True).original("production") == "production"


def test_a_policy_is_placed_where_it_names_namespaces_and_nowhere_else() -> None:
    labels = {NAME_LABEL: "x", "app": "x"}
    expressions = [
        {"key": NAME_LABEL, "operator": "NotIn", "values": ["x", "kube-system"]},
        {"key": "team", "operator": "In", "values": ["x"]},
    ]
    body = {
        "kind": "NetworkPolicy",
        "metadata": {"name": "x", "namespace": "x", "labels": {"x": "x"}},
        "spec": {
            "podSelector": {"matchLabels": labels},
            "ingress": [
                {"from": [{"namespaceSelector": {"matchLabels": labels, "matchExpressions": expressions}}]}
            ],
        },
    }
    placed = Placement("r", ("x",)).place(body)
    assert placed["metadata"] == {"name": "x", "namespace": "np-r-x", "labels": {"x": "x"}}
    # A podSelector reads labels of pods, which nobody renames.
    assert placed["spec"]["podSelector"] == {"matchLabels": labels}
    peer = placed["spec"]["ingress"][0]["from"][0]["namespaceSelector"]
    assert peer["matchLabels"] == {NAME_LABEL: "np-r-x", "app": "x"}
    assert peer["matchExpressions"][0]["values"] == ["np-r-x", "kube-system"]
    assert peer["matchExpressions"][1]["values"] == ["x"]


@pytest.mark.parametrize("kind", ["Namespace", ""])
def test_a_namespace_object(kind: str) -> None:
    body = {"metadata": {"name": "x", "labels": {NAME_LABEL: "x", "team": "x"}}}
    if kind:
        body["kind"] = kind
    placed = Placement("r", ("x",)).place(body, kind="Namespace")
    assert placed["metadata"] == {"name": "np-r-x", "labels": {NAME_LABEL: "np-r-x", "team": "x"}}


def test_affinity_terms_and_endpoints_name_namespaces_too() -> None:
    placement = Placement("r", ("x",))
    term = {"topologyKey": "kubernetes.io/hostname", "namespaces": ["x", "default"]}
    pod = {
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "x"},
        "spec": {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}},
    }
    placed = placement.place(pod)
    (moved,) = placed["spec"]["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert moved["namespaces"] == ["np-r-x", "default"]
    endpoints = {
        "kind": "EndpointSlice",
        "metadata": {"name": "s", "namespace": "np-r-x"},
        "endpoints": [{"addresses": ["10.0.0.1"], "targetRef": {"namespace": "np-r-x", "name": "p"}}],
    }
    assert placement.unplace(endpoints)["endpoints"][0]["targetRef"]["namespace"] == "x"
