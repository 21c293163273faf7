"""Lists: selection, paging and the list object."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from netprobe.lab.api.options import ListOptions
from netprobe.lab.api.paths import Target
from netprobe.lab.api.selectors import matcher
from netprobe.lab.api.status_errors import bad_request
from netprobe.lab.store.objects import Object, Store


def list_objects(store: Store, target: Target, options: ListOptions) -> dict[str, Any]:
    """The collection as its ``…List``; items carry no kind, as the API server's do not.

    Raises StatusError (400) for a bad selector or continue token.
    """
    found, meta = select(store, target, options)
    resource = target.resource
    return {
        "kind": f"{resource.kind}List",
        "apiVersion": resource.api_version,
        "metadata": meta,
        "items": [without_kind(obj) for obj in found],
    }


def select(store: Store, target: Target, options: ListOptions) -> tuple[list[Object], dict[str, Any]]:
    """The selected page of objects and the list's metadata."""
    matches = matcher(target.resource, options.label_selector, options.field_selector)
    after = _decode_token(options.continue_token) if options.continue_token else ("", "")
    found = [
        obj
        for obj in store.list(target.resource.plural, target.namespace)
        if (not target.name or obj["metadata"]["name"] == target.name)
        and key_of(obj) > after
        and matches(obj)
    ]
    meta: dict[str, Any] = {"resourceVersion": str(store.version)}
    if options.limit and len(found) > options.limit:
        rest = len(found) - options.limit
        found = found[: options.limit]
        meta["continue"] = _encode_token(store.version, key_of(found[-1]))
        if not options.label_selector and not options.field_selector:
            meta["remainingItemCount"] = rest
    return found, meta


def key_of(obj: Object) -> tuple[str, str]:
    """(namespace, name) of an object: the order of lists."""
    return obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def without_kind(obj: Object) -> Object:
    """The object as an item of a list."""
    return {key: value for key, value in obj.items() if key not in {"kind", "apiVersion"}}


def _encode_token(version: int, last: tuple[str, str]) -> str:
    token = {"v": "meta.k8s.io/v1", "rv": version, "start": "/".join(last)}
    return base64.urlsafe_b64encode(json.dumps(token).encode()).decode().rstrip("=")


def _decode_token(text: str) -> tuple[str, str]:
    try:
        token = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        namespace, _, name = token["start"].partition("/")
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError):
        raise bad_request("continue key is not valid: it is no token that a list gave") from None
    return namespace, name
