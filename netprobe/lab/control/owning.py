"""Ownership: which object controls which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from netprobe.lab.store.objects import Object, Store


def owner_reference(owner: Object) -> dict[str, Any]:
    """The reference that a controlled object carries."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def owner_references(obj: Object) -> Sequence[Mapping[str, Any]]:
    """All owner references of an object."""
    return obj["metadata"].get("ownerReferences") or ()


def controller_of(obj: Object) -> Mapping[str, Any] | None:
    """The reference to the object's controller, if it has one."""
    return next((reference for reference in owner_references(obj) if reference.get("controller")), None)


def controlled_by(store: Store, resource: str, owner: Object) -> Iterator[Object]:
    """The objects of a resource that ``owner`` controls, in the order of the store."""
    uid = owner["metadata"]["uid"]
    for obj in store.list(resource, owner["metadata"].get("namespace", "")):
        reference = controller_of(obj)
        if reference is not None and reference["uid"] == uid:
            yield obj
