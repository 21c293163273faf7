from __future__ import annotations

import pytest

from netprobe.audit.nodes import choose_nodes


def node(name, *, labels=None, spec=None, ready="True"):
    return {
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": f"host-{name}"} | (labels or {})},
        "spec": spec or {},
        "status": {"conditions": [{"type": "Ready", "status": ready}]},
    }


TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (node("n", spec={"unschedulable": True}), "cordoned"),
        (node("n", labels={"kubernetes.io/os": "windows"}), "it runs windows"),
        (node("n", ready="Unknown"), "not ready"),
        (node("n", spec={"taints": [TAINT]}), "taint node-role.kubernetes.io/control-plane (--tolerate"),
    ],
)
def test_nodes_that_take_no_pods_are_left_out_with_the_reason(body, reason):
    choice = choose_nodes([node("a"), body])
    assert [each.name for each in choice.nodes] == ["a"]
    assert reason in choice.excluded["n"]


def test_a_taint_is_tolerated_when_asked_for_and_a_softer_one_always():
    soft = {"key": "spot", "effect": "PreferNoSchedule"}
    bodies = [node("a", spec={"taints": [TAINT]}), node("b", spec={"taints": [soft]})]
    choice = choose_nodes(bodies, tolerate=True)
    assert [(each.name, each.hostname, len(each.taints)) for each in choice.nodes] == [
        ("a", "host-a", 1),
        ("b", "host-b", 0),
    ]
    assert choose_nodes(bodies).nodes[0].name == "b"


def test_no_more_nodes_than_wanted_in_the_order_of_their_names():
    choice = choose_nodes([node(name) for name in "cab"], most=2)
    assert [each.name for each in choice.nodes] == ["a", "b"]
    assert "more than 2 nodes" in choice.excluded["c"]


@pytest.mark.parametrize(
    ("spec", "addresses", "ipv6"),
    [
        ({"podCIDR": "10.1.0.0/24"}, ("192.0.2.1",), False),
        ({"podCIDRs": ["fd00::/64", "10.1.0.0/24"]}, ("192.0.2.1",), True),
        ({}, ("2001:db8::1",), True),
        ({}, (), False),
    ],
)
def test_the_family_of_pods_is_that_of_their_nodes(spec, addresses, ipv6):
    body = node("a", spec=spec)
    body["status"]["addresses"] = [{"type": "InternalIP", "address": address} for address in addresses]
    assert choose_nodes([body]).ipv6 is ipv6
