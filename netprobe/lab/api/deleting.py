"""Deleting objects: at once, or by a deletionTimestamp that a kubelet, controller or finalizer answers."""

from __future__ import annotations

from typing import Any

from netprobe.lab.api.options import DeleteOptions, ListOptions
from netprobe.lab.api.paths import Target
from netprobe.lab.api.registry import Registry, read
from netprobe.lab.api.selectors import matcher
from netprobe.lab.api.status_errors import conflict, details_of, forbidden
from netprobe.lab.store.objects import Object

_IMMORTAL = frozenset({"default", "kube-system", "kube-public"})
_OWNERS = frozenset({"daemonsets", "deployments", "replicasets"})
_FINALIZERS = {"Foreground": "foregroundDeletion", "Orphan": "orphan"}
"""What the garbage collector finds on an owner that is to leave after, or without, its dependents."""


def delete(registry: Registry, target: Target, options: DeleteOptions) -> Object:
    """Delete the object; the answer is the object when it stays for a while, else a Status.

    Raises StatusError (403 for the namespaces of the system, 404, 409 when a precondition fails or
    a namespace is being deleted already).
    """
    obj = read(registry, target)
    _check_preconditions(target, obj, options)
    if options.dry_run:
        return _done(target, obj)
    if target.resource.plural == "namespaces":
        return _delete_namespace(registry, target, obj)
    grace = _grace(target, obj, options)
    finalizer = _FINALIZERS.get(options.propagation, "") if target.resource.plural in _OWNERS else ""
    if grace is None and not finalizer and not obj["metadata"].get("finalizers"):
        registry.store.remove(target.resource.plural, target.namespace, target.name)
        return _done(target, obj)
    return _mark(registry, target, grace or 0, finalizer)


def delete_collection(
    registry: Registry, target: Target, selection: ListOptions, options: DeleteOptions
) -> list[Object]:
    """Delete every object of the collection that the selectors match; returns their last states."""
    matches = matcher(target.resource, selection.label_selector, selection.field_selector)
    found = [o for o in registry.store.list(target.resource.plural, target.namespace) if matches(o)]
    for obj in found:
        meta = obj["metadata"]
        each = Target(resource=target.resource, namespace=meta.get("namespace", ""), name=meta["name"])
        delete(registry, each, options)
    return found


def _check_preconditions(target: Target, obj: Object, options: DeleteOptions) -> None:
    meta = obj["metadata"]
    for wanted, key, title in (
        (options.uid, "uid", "UID"),
        (options.resource_version, "resourceVersion", "ResourceVersion"),
    ):
        if wanted and wanted != meta[key]:
            why = (
                f"Precondition failed: {title} in precondition: {wanted}, {title} in object meta: {meta[key]}"
            )
            raise conflict(target.resource, target.name, why)


def _grace(target: Target, obj: Object, options: DeleteOptions) -> int | None:
    """The seconds that a pod gets to end; None: the object goes at once."""
    if target.resource.plural != "pods" or not obj["spec"].get("nodeName"):
        return None
    if options.grace_period is not None:
        return options.grace_period
    seconds: int = obj["spec"].get("terminationGracePeriodSeconds", 30)
    return seconds


def _delete_namespace(registry: Registry, target: Target, obj: Object) -> Object:
    if target.name in _IMMORTAL:
        raise forbidden(target.resource, target.name, "this namespace may not be deleted")
    if "deletionTimestamp" in obj["metadata"]:
        why = (
            "The system is ensuring all content is removed from this namespace.  Upon completion, "
            "this namespace will automatically be purged by the system."
        )
        raise conflict(target.resource, target.name, why)

    def end(namespace: Object) -> None:
        namespace["metadata"]["deletionTimestamp"] = registry.now()
        namespace["status"] = {**namespace.get("status", {}), "phase": "Terminating"}

    return registry.store.change("namespaces", "", target.name, end)


def _mark(registry: Registry, target: Target, grace: int, finalizer: str) -> Object:
    def end(obj: Object) -> None:
        meta = obj["metadata"]
        meta.setdefault("deletionTimestamp", registry.now())
        meta["deletionGracePeriodSeconds"] = min(grace, meta.get("deletionGracePeriodSeconds", grace))
        if finalizer:
            meta["finalizers"] = list(dict.fromkeys([*meta.get("finalizers", ()), finalizer]))

    return registry.store.change(target.resource.plural, target.namespace, target.name, end)


def _done(target: Target, obj: Object) -> dict[str, Any]:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": details_of(target.resource, target.name, uid=obj["metadata"]["uid"]),
    }
