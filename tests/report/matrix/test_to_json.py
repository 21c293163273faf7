"""A matrix for programs."""

from __future__ import annotations

import json

from netprobe.report.matrix.to_json import render


def test_destinations_name_the_groups_that_reach_them(shop):
    document = json.loads(render(shop))
    assert document["netprobe_matrix"] == 1
    assert document["counts"] == {"ALLOW": 18, "DENY": 16, "UNDEFINED": 1}
    assert document["groups"][2] == {
        "pods": [{"namespace": "shop", "workload": "web", "index": n} for n in range(2)]
    }
    assert document["destinations"][1] == {
        "group": 1,
        "port": 5432,
        "protocol": "TCP",
        "allowed_from": [2],
        "undefined_from": [3],
    }
    assert document["destinations"][-1]["port"] is None


def test_a_single_pod_is_not_told_to_reach_itself(town):
    first, second, *_ = json.loads(render(town))["destinations"]
    assert first["allowed_from"] == list(range(1, 30))
    assert second["allowed_from"] == [0, *range(2, 30)]
