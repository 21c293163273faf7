"""Garbage: what belonged to a deleted owner goes too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from netprobe.lab.control.deleting import delete
from netprobe.lab.control.kinds import NAMESPACED, RESOURCES, is_terminating, key_of
from netprobe.lab.control.owning import owner_references
from netprobe.lab.store.objects import Event, Key, Object, Store

FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"


class Garbage:
    """Follows owner references when an owner is deleted, in the background, foreground or orphaning way.

    An owner that is marked for deletion and carries the finalizer ``foregroundDeletion`` leaves
    after its dependents, one with ``orphan`` after its dependents were cut loose; without either
    the dependents follow once it is gone.
    """

    resources = tuple(RESOURCES.values())

    def __init__(self, store: Store, node_names: Iterable[str], now: Callable[[], str]) -> None:
        self._store = store
        self._nodes = frozenset(node_names)
        self._now = now

    def keys(self, event: Event) -> Iterable[Key]:
        """The object itself, all that it owned once it is gone, and owners that wait for it to go."""
        if event.type != "DELETED":
            return (key_of(event.resource, event.object),)
        dependents = [key_of(resource, one) for resource, one in self._dependents(event.object)]
        return [*dependents, *self._owners(event.object)]

    def reconcile(self, key: Key) -> None:
        """Finish a marked object if that is ours to do; delete one whose owners are all gone."""
        obj = self._store.find(*key)
        if obj is None:
            return
        if is_terminating(obj):
            self._finish(key, obj)
        elif owner_references(obj):
            self._follow_owners(key[0], obj)

    def _follow_owners(self, resource: str, obj: Object) -> None:
        references = owner_references(obj)
        alive = [reference for reference in references if self._is_alive(obj, reference)]
        if not alive:
            delete(self._store, resource, obj, self._now)
        elif len(alive) < len(references):
            meta = obj["metadata"]
            self._store.change(
                resource,
                meta.get("namespace", ""),
                meta["name"],
                lambda copy: copy["metadata"].update(ownerReferences=alive),
            )

    def _is_alive(self, obj: Object, reference: Mapping[str, Any]) -> bool:
        """Whether the owner is there; one of a kind that the lab does not know counts as there."""
        resource = RESOURCES.get(reference["kind"])
        if resource is None:
            return True
        namespace = obj["metadata"].get("namespace", "") if reference["kind"] in NAMESPACED else ""
        owner = self._store.find(resource, namespace, reference["name"])
        return owner is not None and owner["metadata"]["uid"] == reference["uid"]

    def _finish(self, key: Key, obj: Object) -> None:
        finalizers = obj["metadata"].get("finalizers") or []
        if ORPHAN in finalizers:
            self._cut_loose(obj)
            self._drop_finalizer(key, ORPHAN)
        elif FOREGROUND in finalizers:
            for resource, dependent in list(self._dependents(obj)):
                self._delete_in_foreground(resource, dependent)
            if not any(self._dependents(obj)):
                self._drop_finalizer(key, FOREGROUND)
        elif key[0] == "pods" and obj["spec"].get("nodeName", "") not in self._nodes:
            self._store.remove(*key)  # no kubelet will ever do it

    def _delete_in_foreground(self, resource: str, obj: Object) -> None:
        """Pass the manner of deletion on, so that the first owner also waits for grandchildren."""
        if is_terminating(obj):
            return
        meta = obj["metadata"]
        if resource != "pods":
            obj = self._store.change(resource, meta["namespace"], meta["name"], _add_foreground)
        delete(self._store, resource, obj, self._now)

    def _cut_loose(self, owner: Object) -> None:
        uid = owner["metadata"]["uid"]
        for resource, dependent in list(self._dependents(owner)):
            meta = dependent["metadata"]
            self._store.change(resource, meta["namespace"], meta["name"], lambda copy: _disown(copy, uid))

    def _drop_finalizer(self, key: Key, finalizer: str) -> None:
        changed = self._store.change(*key, lambda copy: copy["metadata"]["finalizers"].remove(finalizer))
        if not changed["metadata"]["finalizers"] and not (
            key[0] == "pods" and changed["spec"].get("nodeName")
        ):
            self._store.remove(*key)

    def _dependents(self, owner: Object) -> Iterator[tuple[str, Object]]:
        uid = owner["metadata"]["uid"]
        for resource in NAMESPACED.values():
            for obj in list(self._store.list(resource, owner["metadata"].get("namespace", ""))):
                if any(reference["uid"] == uid for reference in owner_references(obj)):
                    yield resource, obj

    def _owners(self, obj: Object) -> Iterator[Key]:
        for reference in owner_references(obj):
            resource = RESOURCES.get(reference["kind"])
            if resource is not None:
                yield (resource, obj["metadata"].get("namespace", ""), reference["name"])


def _add_foreground(obj: Object) -> None:
    finalizers = obj["metadata"].setdefault("finalizers", [])
    if FOREGROUND not in finalizers:
        finalizers.append(FOREGROUND)


def _disown(obj: Object, uid: str) -> None:
    left = [reference for reference in owner_references(obj) if reference["uid"] != uid]
    if left:
        obj["metadata"]["ownerReferences"] = left
    else:
        obj["metadata"].pop("ownerReferences", None)
