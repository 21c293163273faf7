"""Watches: initial events, bookmarks and versions that are gone."""

from __future__ import annotations

import asyncio

import pytest

from netprobe.lab.api.options import ListOptions
from netprobe.lab.api.paths import Target
from netprobe.lab.api.resources import by_plural
from netprobe.lab.api.watching import watch
from netprobe.lab.store.objects import HISTORY, Store

TARGET = Target(resource=by_plural("networkpolicies"), namespace="cap")


@pytest.fixture
def store():
    filled = Store(lambda: "2026-01-01T00:00:00Z")
    for name in ("x", "y"):
        filled.create("networkpolicies", {"metadata": {"name": name, "namespace": "cap"}})
    filled.create("networkpolicies", {"metadata": {"name": "z", "namespace": "elsewhere"}})
    return filled


def watched(store, **options):
    """The events until the watch times out, which it does as soon as there is nothing to tell."""

    async def collect():
        wanted = ListOptions(timeout_seconds=0, **options)
        return [
            (e["type"], e["object"].get("metadata", {}).get("name", ""))
            async for e in watch(store, TARGET, wanted)
        ], wanted

    return asyncio.run(collect())[0]


def test_a_watch_without_a_version_begins_with_what_is_there(store):
    assert watched(store) == [("ADDED", "x"), ("ADDED", "y")]
    assert watched(store, resource_version="0") == [("ADDED", "x"), ("ADDED", "y")]


def test_initial_events_end_with_a_bookmark_that_says_so(store):
    async def first_bookmark():
        options = ListOptions(initial_events=True, bookmarks=True, resource_version="1")
        events = watch(store, TARGET, options)
        found = [await anext(events) for _ in range(3)]
        await events.aclose()
        return found

    *added, bookmark = asyncio.run(first_bookmark())
    assert [e["type"] for e in added] == ["ADDED", "ADDED"]
    assert bookmark == {
        "type": "BOOKMARK",
        "object": {
            "kind": "NetworkPolicy",
            "apiVersion": "networking.k8s.io/v1",
            "metadata": {"resourceVersion": "3", "annotations": {"k8s.io/initial-events-end": "true"}},
        },
    }


def test_a_name_watches_one_object(store):
    target = Target(resource=TARGET.resource, namespace="cap", name="y")

    async def collect():
        return [
            e["object"]["metadata"]["name"]
            async for e in watch(store, target, ListOptions(timeout_seconds=0))
        ]

    assert asyncio.run(collect()) == ["y"]


def test_later_changes_follow_and_an_older_version_replays_them(store):
    async def follow():
        events = watch(store, TARGET, ListOptions(resource_version="1"))
        seen = [await anext(events)]
        store.remove("networkpolicies", "cap", "y")
        store.remove("networkpolicies", "elsewhere", "z")
        store.change("networkpolicies", "cap", "x", lambda o: o["metadata"].update(labels={"a": "b"}))
        seen += [await anext(events), await anext(events)]
        await events.aclose()
        return [(e["type"], e["object"]["metadata"]["name"]) for e in seen]

    assert asyncio.run(follow()) == [("ADDED", "y"), ("DELETED", "y"), ("MODIFIED", "x")]


def test_a_version_that_is_forgotten_is_one_error_event(store):
    for _ in range(HISTORY):
        store.change(
            "networkpolicies", "cap", "x", lambda o: o["metadata"].update(n=o["metadata"].get("n", 0) + 1)
        )

    async def first():
        return [e async for e in watch(store, TARGET, ListOptions(resource_version="1", bookmarks=True))]

    (event,) = asyncio.run(first())
    assert event["type"] == "ERROR"
    assert (event["object"]["code"], event["object"]["reason"]) == (410, "Expired")
