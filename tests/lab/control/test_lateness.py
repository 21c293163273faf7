"""Nodes that are late, and agents that look again though nothing changes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from netprobe.lab.control.lateness import Lateness
from netprobe.lab.datapath.profile import Sight
from netprobe.lab.datapath.profiles import ENFORCING


def test_a_node_is_due_after_its_own_wait_and_takes_later_changes_along():
    draws = iter((0.25, 0.75, 0.5))
    late = Lateness(2.0, lambda: next(draws))
    assert late.due(["node1", "node2"], 10.0) == ()
    assert late.next == 10.5
    assert late.due(["node1", "node2"], 10.5) == ("node1",)
    assert late.next == 11.5
    assert late.due(["node1", "node2"], 11.0) == ()
    assert late.next == 11.5
    assert late.due(["node1", "node2"], 12.0) == ("node2", "node1")
    assert late.next is None


def test_a_node_that_is_up_to_date_again_waits_no_more():
    draws = iter((0.5, 1.0))
    late = Lateness(2.0, lambda: next(draws))
    late.due(["node1"], 0.0)
    assert late.due([], 0.5) == ()
    assert late.next is None
    assert late.due(["node1"], 1.0) == ()
    assert late.next == 3.0


def test_without_lateness_all_are_due_at_once():
    assert Lateness(0.0).due(["node1", "node2"], 0.0) == ("node1", "node2")


def policy():
    meta = {"name": "shut", "namespace": "default"}
    spec = {"podSelector": {}, "policyTypes": ["Ingress"]}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}


def test_late_nodes_load_the_newest_rules_in_the_end(running):
    async def run():
        async with running(replace(ENFORCING, lateness=0.02)) as cluster:
            cluster.store.create("networkpolicies", policy())
            for node in cluster.loads:
                await cluster.until_rules(lambda text: "@known_pods drop" in text, node)
            cluster.store.remove("networkpolicies", "default", "shut")
            for node in cluster.loads:
                await cluster.until_rules(lambda text: "drop" not in text, node)

    asyncio.run(run())


def test_an_agent_that_asked_for_it_looks_again(running):
    """It takes up policies at its second look at them, for which nothing in the store gives a reason."""

    def slow_to_see():
        looks = []

        def look(picture, now):
            if picture.policies:
                looks.append(now)
            known = picture if len(looks) != 1 else replace(picture, policies=())
            return Sight(picture=known, again=now + 0.01 if len(looks) == 1 else None)

        return look

    async def run():
        async with running(replace(ENFORCING, live=slow_to_see)) as cluster:
            await cluster.until_rules(bool, "node2")
            cluster.store.create("networkpolicies", policy())
            await cluster.until_rules(lambda text: "@known_pods drop" in text, "node2")

    asyncio.run(run())
