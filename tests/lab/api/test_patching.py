from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.api.patching import apply_operations, merge, patcher, strategic_merge
from netprobe.lab.api.status_errors import StatusError

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("state", "change", "wanted"),
    [  # RFC 7386, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch_follows_its_rfc(state, change, wanted):
    assert merge(state, change) == wanted


@given(values, values)
def test_a_merge_patch_applied_twice_does_no_more(state, change):
    once = merge(state, change)
    assert merge(once, change) == once


@given(values, st.dictionaries(st.text("abc", max_size=2), st.integers(), max_size=3))
def test_without_lists_and_nulls_strategic_merge_is_merge(state, change):
    assert strategic_merge(state, change) == merge(state, change)


def containers(*pairs):
    return {"containers": [{"name": name, "image": image} for name, image in pairs]}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"containers": [{"name": "b", "image": "3"}]}, containers(("a", "1"), ("b", "3"))),
        ({"containers": [{"name": "c", "image": "3"}]}, containers(("a", "1"), ("b", "2"), ("c", "3"))),
        ({"containers": [{"name": "a", "$patch": "delete"}]}, containers(("b", "2"))),
        (
            {"containers": [{"$patch": "replace"}, {"name": "c", "image": "3"}]},
            containers(("c", "3")),
        ),
        ({"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}, containers(("a", "1"), ("b", "2"))),
        ({"containers": None}, {}),
    ],
)
def test_strategic_merge_joins_containers_by_name(change, wanted):
    assert strategic_merge(containers(("a", "1"), ("b", "2")), change) == wanted


def test_strategic_merge_joins_ports_by_number_and_protocol():
    state = {"ports": [{"port": 80, "protocol": "TCP"}, {"port": 53, "protocol": "UDP"}]}
    change = {"ports": [{"port": 53, "protocol": "UDP", "name": "dns"}, {"port": 53, "protocol": "TCP"}]}
    assert strategic_merge(state, change) == {
        "ports": [
            {"port": 80, "protocol": "TCP"},
            {"port": 53, "protocol": "UDP", "name": "dns"},
            {"port": 53, "protocol": "TCP"},
        ]
    }


def test_a_policys_lists_are_replaced_whole():
    state = {"spec": {"ingress": [{"ports": [{"port": 80}]}]}}
    change = {"spec": {"ingress": [{"ports": [{"port": 81}]}]}}
    edit = patcher("application/strategic-merge-patch+json", change, "NetworkPolicy")
    assert edit(state) == change


@pytest.mark.parametrize(
    ("operations", "wanted"),
    [
        ([{"op": "add", "path": "/a/b", "value": 1}], {"a": {"l": [1, 2], "b": 1}}),
        ([{"op": "add", "path": "/a/l/-", "value": 3}], {"a": {"l": [1, 2, 3]}}),
        ([{"op": "add", "path": "/a/l/0", "value": 0}], {"a": {"l": [0, 1, 2]}}),
        ([{"op": "replace", "path": "/a/l/1", "value": 9}], {"a": {"l": [1, 9]}}),
        ([{"op": "remove", "path": "/a/l/0"}], {"a": {"l": [2]}}),
        ([{"op": "move", "from": "/a/l", "path": "/m~1n"}], {"a": {}, "m/n": [1, 2]}),
        ([{"op": "copy", "from": "/a/l/0", "path": "/c"}], {"a": {"l": [1, 2]}, "c": 1}),
        ([{"op": "test", "path": "/a/l/0", "value": 1}], {"a": {"l": [1, 2]}}),
    ],
)
def test_json_patch_operations(operations, wanted):
    state = {"a": {"l": [1, 2]}}
    assert apply_operations(state, operations) == wanted
    assert state == {"a": {"l": [1, 2]}}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/a", "value": 2},
        {"op": "remove", "path": "/b"},
        {"op": "replace", "path": "/b", "value": 1},
        {"op": "add", "path": "/l/7", "value": 1},
        {"op": "add", "path": "/l/-1", "value": 1},
        {"op": "add", "path": "a", "value": 1},
        {"op": "jump", "path": "/a"},
        {"path": "/a"},
    ],
)
def test_a_json_patch_that_does_not_fit_is_invalid(operation):
    with pytest.raises(StatusError) as refused:
        apply_operations({"a": 1, "l": []}, [operation])
    assert refused.value.code == 422


@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        ("application/apply-patch+yaml", {}, 415),
        ("text/plain", {}, 415),
        ("application/merge-patch+json", [], 400),
        ("application/json-patch+json", {}, 400),
    ],
)
def test_an_unreadable_patch_is_refused(content_type, body, code):
    with pytest.raises(StatusError) as refused:
        patcher(content_type, body, "Pod")({})
    assert refused.value.code == code
