"""Owner references, one rule at a time."""

from __future__ import annotations

import pytest

from netprobe.lab.api.resources import RESOURCES as SERVED
from netprobe.lab.control.garbage import Garbage
from netprobe.lab.control.kinds import CLUSTER_SCOPED, NAMESPACED, key_of
from netprobe.lab.store.objects import Event, Store


@pytest.fixture
def objects():
    return Store(lambda: "2026-01-01T00:00:00Z")


@pytest.fixture
def garbage(objects):
    return Garbage(objects, ["node1"], lambda: "2026-01-01T00:00:00Z")


def config_map(name, *owners, uid=""):
    references = [
        {"apiVersion": "v1", "kind": kind, "name": owner, "uid": owner_uid}
        for kind, owner, owner_uid in owners
    ]
    meta = {"name": name, "namespace": "shop", "ownerReferences": references, **({"uid": uid} if uid else {})}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta}


def settle(garbage, objects):
    """Reconcile everything until the store stands still."""
    while True:
        version = objects.version
        for resource in garbage.resources:
            for obj in list(objects.list(resource)):
                garbage.reconcile(key_of(resource, obj))
        if objects.version == version:
            return


def names(objects):
    return [obj["metadata"]["name"] for obj in objects.list("configmaps", "shop")]


def test_an_object_goes_with_its_last_owner(objects, garbage):
    objects.create("configmaps", config_map("one", uid="1"))
    objects.create("configmaps", config_map("two", uid="2"))
    objects.create("configmaps", config_map("child", ("ConfigMap", "one", "1"), ("ConfigMap", "two", "2")))
    objects.remove("configmaps", "shop", "one")
    settle(garbage, objects)
    (left,) = objects.get("configmaps", "shop", "child")["metadata"]["ownerReferences"]
    assert left["name"] == "two"
    objects.remove("configmaps", "shop", "two")
    settle(garbage, objects)
    assert names(objects) == []


def test_an_owner_of_the_same_name_is_another_owner(objects, garbage):
    objects.create("configmaps", config_map("owner", uid="new"))
    objects.create("configmaps", config_map("child", ("ConfigMap", "owner", "old")))
    settle(garbage, objects)
    assert names(objects) == ["owner"]


def test_an_owner_of_an_unknown_kind_is_left_alone(objects, garbage):
    objects.create("configmaps", config_map("child", ("Widget", "owner", "1")))
    settle(garbage, objects)
    assert names(objects) == ["child"]


def test_a_foreground_deletion_waits_for_grandchildren_on_a_node(objects, garbage):
    owner = config_map("owner", uid="1")
    objects.create("configmaps", owner)
    objects.create("configmaps", config_map("child", ("ConfigMap", "owner", "1"), uid="2"))
    references = [{"apiVersion": "v1", "kind": "ConfigMap", "name": "child", "uid": "2"}]
    meta = {"name": "pod", "namespace": "shop", "ownerReferences": references}
    objects.create(
        "pods", {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"nodeName": "node1"}}
    )

    def mark(obj):
        obj["metadata"].update(deletionTimestamp="2026-01-01T00:00:00Z", finalizers=["foregroundDeletion"])

    objects.change("configmaps", "shop", "owner", mark)
    settle(garbage, objects)
    assert names(objects) == ["child", "owner"]
    assert "deletionTimestamp" in objects.get("pods", "shop", "pod")["metadata"]
    objects.remove("pods", "shop", "pod")
    settle(garbage, objects)
    assert names(objects) == []


@pytest.mark.parametrize(("node", "left"), [("node1", ["pod"]), ("nowhere", []), ("", [])])
def test_a_deleted_pod_waits_only_for_a_kubelet_that_exists(objects, garbage, node, left):
    meta = {"name": "pod", "namespace": "shop", "deletionTimestamp": "2026-01-01T00:00:00Z"}
    objects.create("pods", {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"nodeName": node}})
    settle(garbage, objects)
    assert [pod["metadata"]["name"] for pod in objects.list("pods")] == left


def test_a_deletion_calls_for_its_dependents_and_its_owners(objects, garbage):
    objects.create("configmaps", config_map("child", ("ConfigMap", "middle", "2")))
    middle = config_map("middle", ("ConfigMap", "top", "1"), uid="2")
    event = Event("DELETED", "configmaps", middle, 1)
    assert list(garbage.keys(event)) == [("configmaps", "shop", "child"), ("configmaps", "shop", "top")]


def test_every_resource_of_the_api_is_known_to_the_controllers():
    stored = {one for one in SERVED if "delete" in one.verbs}  # what an identity only shows cannot go
    assert {one.kind: one.plural for one in stored if one.namespaced} == NAMESPACED
    assert {one.kind: one.plural for one in stored if not one.namespaced} == CLUSTER_SCOPED
