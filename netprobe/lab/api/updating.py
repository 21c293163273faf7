"""Replacing and patching objects, their status and their scale."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from netprobe.lab.api.kinds import SCALE
from netprobe.lab.api.options import WriteOptions
from netprobe.lab.api.paths import Target
from netprobe.lab.api.registry import Registry, Written, check, decode_body, place, read
from netprobe.lab.api.shapes import decode
from netprobe.lab.api.status_errors import bad_request, conflict, modified_meanwhile
from netprobe.lab.store.objects import Object

_KEPT = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")
_DROPPED = ("selfLink", "managedFields")

Patch = Callable[[Object], Any]
"""From the present state of an object (a copy, free to change) to the state that is wanted."""


def replace(registry: Registry, target: Target, body: Any, options: WriteOptions) -> Written:
    """Replace the object, its status or its scale; raises StatusError (400, 404, 409, 422)."""
    old = read(registry, target)
    if target.subresource == "scale":
        return _rescale(registry, target, old, body, options)
    return _write(registry, target, old, body, options)


def patch(registry: Registry, target: Target, edit: Patch, options: WriteOptions) -> Written:
    """Apply a patch to the object, its status or its scale; raises StatusError (400, 404, 409, 422)."""
    old = read(registry, target)
    if target.subresource == "scale":
        wanted = edit(scale_of(old))
        return _rescale(registry, target, old, wanted, options)
    return _write(registry, target, old, edit(copy.deepcopy(old)), options)


def scale_of(obj: Object) -> Object:
    """The ``Scale`` of a Deployment or ReplicaSet."""
    meta = obj["metadata"]
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    labels = obj["spec"].get("selector", {}).get("matchLabels", {})
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: meta[key] for key in kept},
        "spec": {"replicas": obj["spec"].get("replicas", 1)},
        "status": {
            "replicas": obj.get("status", {}).get("replicas", 0),
            "selector": ",".join(f"{key}={value}" for key, value in sorted(labels.items())),
        },
    }


def _write(registry: Registry, target: Target, old: Object, body: Any, options: WriteOptions) -> Written:
    resource = target.resource
    obj, warnings = decode_body(resource, body, options)
    place(target, obj)
    _check_identity(target, obj, old)
    if target.subresource == "status":
        wanted = {**old, "status": obj.get("status", {})}
        return Written(body=_store(registry, target, wanted, options, status=True), warnings=warnings)
    strategy = registry.strategy(resource)
    strategy.carry(obj, old)
    strategy.default(obj)
    check(resource, obj, strategy.causes(obj))
    # Controllers write without the API's defaults: they must not look like a change of the client's.
    present = copy.deepcopy(old)
    strategy.default(present)
    changes = list(strategy.change_causes(obj, present))
    if changes:
        check(resource, obj, changes)
    strategy.allocate(obj)
    return Written(body=_store(registry, target, obj, options), warnings=warnings)


def _check_identity(target: Target, obj: Object, old: Object) -> None:
    """Check name, uid and resourceVersion against the stored object, then take over its metadata."""
    meta, before = obj["metadata"], old["metadata"]
    if meta.setdefault("name", target.name) != target.name:
        raise bad_request(
            f"the name of the object ({meta['name']}) does not match the name on the URL ({target.name})"
        )
    if meta.get("uid", before["uid"]) != before["uid"]:
        why = f"Precondition failed: UID in precondition: {meta['uid']}, UID in object meta: {before['uid']}"
        raise conflict(target.resource, target.name, why)
    if meta.get("resourceVersion", before["resourceVersion"]) != before["resourceVersion"]:
        raise modified_meanwhile(target.resource, target.name)
    for field in (*_KEPT, *_DROPPED):
        meta.pop(field, None)
    meta |= {field: before[field] for field in _KEPT if field in before}


def _store(
    registry: Registry, target: Target, obj: Object, options: WriteOptions, *, status: bool = False
) -> Object:
    if options.dry_run:
        return obj
    stored = registry.store.replace(target.resource.plural, obj, status=status)
    meta = stored["metadata"]
    if "deletionTimestamp" in meta and not meta.get("finalizers") and _waits_for_finalizers(target, stored):
        return registry.store.remove(target.resource.plural, target.namespace, target.name)
    return stored


def _waits_for_finalizers(target: Target, obj: Object) -> bool:
    """Pods on a node wait for their kubelet, namespaces for the namespace controller."""
    if target.resource.plural == "namespaces":
        return False
    return target.resource.plural != "pods" or not obj["spec"].get("nodeName")


def _rescale(registry: Registry, target: Target, old: Object, body: Any, options: WriteOptions) -> Written:
    if not isinstance(body, dict):
        raise bad_request("the body is no Scale")
    wanted = decode(SCALE, body, kind="Scale", version="v1").value
    version = wanted["metadata"].get("resourceVersion", "")
    if version and version != old["metadata"]["resourceVersion"]:
        raise modified_meanwhile(target.resource, target.name)
    obj = copy.deepcopy(old)
    obj["spec"]["replicas"] = wanted.get("spec", {}).get("replicas", 0)
    check(target.resource, obj, registry.strategy(target.resource).causes(obj))
    return Written(body=scale_of(_store(registry, target, obj, options)))
