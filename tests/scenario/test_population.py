"""The workloads as steps leave them."""

from __future__ import annotations

from netprobe.scenario.population import population, relabelled


def test_changes_add_up_and_a_restart_brings_the_template_back(load) -> None:
    scenario = load(
        """\
        steps:
        - name: label
          label: [{workload: shop/web, labels: {tier: back, new: x}}]
        - name: unlabel
          label: [{workload: shop/web, labels: {new: null}}]
          scale: [{workload: shop/db, replicas: 3}]
        - name: namespace
          label: [{namespace: shop, labels: {tier: other}}]
        - name: restart
          restart: [shop/web]
        """
    )
    seen = []
    for step in scenario.steps:
        web, db, _ = population(scenario, step)
        seen.append((dict(web.labels), db.replicas))
    assert seen == [
        ({"app": "web", "tier": "back", "new": "x"}, 1),
        ({"app": "web", "tier": "back"}, 3),
        ({"app": "web", "tier": "back"}, 3),
        ({"app": "web", "tier": "front"}, 3),
    ]


def test_relabelling_takes_away_what_is_none() -> None:
    assert relabelled({"a": "1", "b": "2"}, {"a": None, "b": "", "c": "3", "d": None}) == {"b": "", "c": "3"}
