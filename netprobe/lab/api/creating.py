"""Creating objects."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from netprobe.lab.api.options import WriteOptions
from netprobe.lab.api.paths import Target
from netprobe.lab.api.registry import (
    Registry,
    Written,
    admit_to_namespace,
    check,
    decode_body,
    place,
)
from netprobe.lab.api.reviews import REVIEWS
from netprobe.lab.api.status_errors import already_exists, bad_request, method_not_allowed
from netprobe.lab.api.validation.pod_security import admit_pod
from netprobe.lab.store.objects import Object

_SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_SERVER_FIELDS = (
    "uid",
    "creationTimestamp",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "selfLink",
    "managedFields",
)


def create(registry: Registry, target: Target, body: Any, options: WriteOptions) -> Written:
    """Create an object in the collection; raises StatusError (400, 403, 404, 409, 422)."""
    resource = target.resource
    if resource.namespaced and not target.namespace:
        raise method_not_allowed()
    obj, warnings = decode_body(resource, body, options)
    place(target, obj)
    _reset(obj, keeps_status=not resource.has_status)
    name = obj["metadata"].get("name", "")
    admit_to_namespace(registry, target, name)
    if resource.plural in REVIEWS:
        return Written(body={**obj, "status": REVIEWS[resource.plural]}, warnings=warnings)
    strategy = registry.strategy(resource)
    strategy.default(obj)
    if resource.plural == "pods":
        admit_pod(registry.store, resource, obj)
    check(resource, obj, strategy.causes(obj))
    if registry.store.find(resource.plural, target.namespace, name) is not None:
        raise already_exists(resource, name)
    strategy.allocate(obj)
    if options.dry_run:
        obj["metadata"] |= {"uid": str(uuid.uuid4()), "creationTimestamp": registry.now()}
        return Written(body=obj, warnings=warnings)
    return Written(body=registry.store.create(resource.plural, obj), warnings=warnings)


def _reset(obj: Object, *, keeps_status: bool) -> None:
    """Drop what only the server may set, and choose the name where only its beginning is given."""
    meta = obj["metadata"]
    if meta.pop("resourceVersion", ""):
        raise bad_request("resourceVersion should not be set on objects to be created")
    for field in _SERVER_FIELDS:
        meta.pop(field, None)
    if not keeps_status:
        obj.pop("status", None)
    if meta.get("generateName") and not meta.get("name"):
        suffix = "".join(secrets.choice(_SUFFIX_LETTERS) for _ in range(5))
        meta["name"] = f"{meta['generateName'][:58]}{suffix}"
