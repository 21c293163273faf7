"""Deleting objects the way the API server does it."""

from __future__ import annotations

from collections.abc import Callable

from netprobe.lab.control.kinds import is_terminating
from netprobe.lab.store.objects import Object, Store

DEFAULT_GRACE = 30


def delete(store: Store, resource: str, obj: Object, now: Callable[[], str]) -> None:
    """Remove an object, or mark it when somebody else must finish: the kubelet, or a finalizer's owner.

    A pod that never reached a node has nobody to wait for and goes at once.
    """
    meta = obj["metadata"]
    namespace, name = meta.get("namespace", ""), meta["name"]
    on_node = resource == "pods" and bool(obj["spec"].get("nodeName"))
    if not on_node and not meta.get("finalizers"):
        store.remove(resource, namespace, name)
    elif not is_terminating(obj):
        store.change(resource, namespace, name, lambda copy: _mark(copy, on_node=on_node, now=now()))


def _mark(obj: Object, *, on_node: bool, now: str) -> None:
    obj["metadata"]["deletionTimestamp"] = now
    if on_node:
        grace = obj["spec"].get("terminationGracePeriodSeconds", DEFAULT_GRACE)
        obj["metadata"]["deletionGracePeriodSeconds"] = grace
