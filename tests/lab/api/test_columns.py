"""Cells that need more than a field: selectors, endpoints, states."""

from __future__ import annotations

import pytest

from netprobe.lab.api.columns import columns_of

NOW = "2026-01-01T00:01:05Z"


def cell(plural, name, **obj):
    (column,) = (each for each in columns_of(plural) if each.name == name)
    return column.cell({"metadata": {"name": "x"}, **obj}, NOW)


@pytest.mark.parametrize(
    ("selector", "wanted"),
    [
        ({}, "<none>"),
        ({"matchLabels": {"b": "1", "a": "2"}}, "a=2,b=1"),
        (
            {
                "matchLabels": {"a": "1"},
                "matchExpressions": [
                    {"key": "t", "operator": "In", "values": ["y", "x"]},
                    {"key": "u", "operator": "NotIn", "values": ["z"]},
                    {"key": "v", "operator": "Exists"},
                    {"key": "w", "operator": "DoesNotExist"},
                ],
            },
            "a=1,t in (x,y),u notin (z),v,!w",
        ),
    ],
)
def test_selectors_as_text(selector, wanted):
    assert cell("networkpolicies", "Pod-Selector", spec={"podSelector": selector}) == wanted


def test_a_service_selects_by_plain_labels():
    assert cell("services", "Selector", spec={"selector": {"app": "x"}}) == "app=x"


def test_many_endpoints_are_counted():
    endpoints = [{"addresses": [f"10.0.0.{number}"]} for number in range(5)]
    shown = cell("endpointslices", "Endpoints", endpoints=endpoints)
    assert shown == "10.0.0.0,10.0.0.1,10.0.0.2 + 2 more..."
    assert cell("endpointslices", "Ports") == "<unset>"


def test_a_cordoned_node_and_an_event_of_long_ago():
    ready = {"conditions": [{"type": "Ready", "status": "True"}]}
    assert cell("nodes", "Status", spec={"unschedulable": True}, status=ready) == "Ready,SchedulingDisabled"
    assert cell("events", "Last Seen", lastTimestamp="2026-01-01T00:00:00Z") == "65s"
    assert cell("events", "Last Seen") == "<unknown>"
