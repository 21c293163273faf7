"""The store: versions, conflicts, ownership of metadata, and watches that lose nothing."""

from __future__ import annotations

import asyncio

import pytest

from netprobe.lab.store.objects import HISTORY, Conflict, Event, Gone, NotFound, Store


@pytest.fixture
def store():
    return Store(lambda: "2026-01-01T00:00:00Z")


def pod(name="p", **fields):
    return {"metadata": {"name": name, "namespace": "n"}, "spec": {"a": 1}, **fields}


def test_a_created_object_is_stamped_and_apart_from_the_callers(store):
    mine = pod()
    stored = store.create("pods", mine)
    assert mine == pod()
    meta = stored["metadata"]
    assert (meta["resourceVersion"], meta["generation"]) == ("1", 1)
    assert meta["creationTimestamp"] == "2026-01-01T00:00:00Z"
    assert meta["uid"]
    with pytest.raises(Conflict):
        store.create("pods", pod())


def test_only_a_change_of_spec_grows_the_generation(store):
    store.create("pods", pod())
    labelled = store.replace("pods", pod(status={"ignored": True}))
    assert labelled["metadata"]["resourceVersion"] == "2"  # the status came with the first replacement
    changed = store.replace("pods", {**pod(), "spec": {"a": 2}})
    assert (changed["metadata"]["generation"], changed["metadata"]["resourceVersion"]) == (2, "3")


def test_a_replacement_that_changes_nothing_writes_nothing(store):
    first = store.create("pods", pod())
    assert store.replace("pods", first) is first
    assert store.change("pods", "n", "p", lambda _: None) is first
    assert store.version == 1


def test_status_and_the_rest_are_written_apart(store):
    store.create("pods", pod(status={"phase": "Pending"}))
    kept = store.replace("pods", {**pod(), "spec": {"a": 2}, "status": {"phase": "Lost"}})
    assert kept["status"] == {"phase": "Pending"}
    told = store.replace("pods", {**pod(), "spec": {"a": 9}, "status": {"phase": "Running"}}, status=True)
    assert (told["spec"], told["status"]) == ({"a": 2}, {"phase": "Running"})


def test_stale_versions_conflict_and_missing_objects_are_not_found(store):
    version = store.create("pods", pod())["metadata"]["resourceVersion"]
    store.replace("pods", {**pod(), "spec": {"a": 2}}, version=version)
    with pytest.raises(Conflict):
        store.replace("pods", {**pod(), "spec": {"a": 3}}, version=version)
    for act in (lambda: store.get("pods", "n", "q"), lambda: store.remove("pods", "n", "q")):
        with pytest.raises(NotFound):
            act()
    assert store.find("pods", "n", "q") is None


def test_lists_are_sorted_and_by_namespace(store):
    for namespace, name in (("b", "x"), ("a", "y"), ("a", "x")):
        store.create("pods", {"metadata": {"name": name, "namespace": namespace}})
    assert [o["metadata"]["name"] for o in store.list("pods", "a")] == ["x", "y"]
    assert [o["metadata"]["namespace"] for o in store.list("pods")] == ["a", "a", "b"]


def test_a_watch_replays_and_follows_without_a_gap(store):
    async def run():
        store.create("pods", pod("old"))
        since = store.version
        store.create("pods", pod("between"))
        seen: list[Event] = []
        async for event in store.watch(since):
            seen.append(event)
            if len(seen) == 1:
                store.change("pods", "n", "between", lambda o: o["spec"].update(a=2))
                store.remove("pods", "n", "between")
            if len(seen) == 3:
                break
        return seen

    seen = asyncio.run(run())
    assert [e.type for e in seen] == ["ADDED", "MODIFIED", "DELETED"]
    assert seen[1].previous["spec"] == {"a": 1}
    assert [e.version for e in seen] == [2, 3, 4]
    assert seen[2].object["metadata"]["resourceVersion"] == "4"


def test_what_is_no_longer_remembered_is_gone(store):
    for number in range(HISTORY + 2):
        store.create("configmaps", {"metadata": {"name": str(number), "namespace": "n"}})
    assert len(store.events_since(2)) == HISTORY
    with pytest.raises(Gone, match="too old resource version: 1 "):
        store.events_since(1)
