"""The registry: objects of the API in the store, and what every write of them has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.api.kinds import SHAPES
from netprobe.lab.api.options import WriteOptions
from netprobe.lab.api.paths import Target
from netprobe.lab.api.resources import Resource, by_plural
from netprobe.lab.api.shapes import decode
from netprobe.lab.api.status_errors import (
    Cause,
    bad_request,
    forbidden,
    invalid,
    not_found,
    undecodable,
)
from netprobe.lab.api.strategies import Strategy, strategies
from netprobe.lab.api.validation.names import labels_causes, name_causes
from netprobe.lab.store.objects import Object, Store

_HEAD = ("kind", "apiVersion", "metadata")
_PLAIN = Strategy()


@dataclass(frozen=True, kw_only=True, slots=True)
class Registry:
    """The store with its strategies; ``now`` tells the time as RFC 3339."""

    store: Store
    now: Callable[[], str]
    strategies: Mapping[str, Strategy]

    def strategy(self, resource: Resource) -> Strategy:
        """How objects of this resource are written."""
        return self.strategies.get(resource.plural, _PLAIN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A stored (or, in a dry run, storable) object; ``warnings`` go into Warning headers."""

    body: Object
    warnings: tuple[str, ...] = ()


def make_registry(store: Store, now: Callable[[], str]) -> Registry:
    """Build the registry over ``store``."""
    return Registry(store=store, now=now, strategies=strategies(store))


def read(registry: Registry, target: Target) -> Object:
    """The object that the path names (do not change it); raises StatusError (404)."""
    found = registry.store.find(target.resource.plural, target.namespace, target.name)
    if found is None:
        raise not_found(target.resource, target.name)
    return found


def decode_body(resource: Resource, body: Any, options: WriteOptions) -> tuple[Object, tuple[str, ...]]:
    """Decode a body as an object of ``resource``; returns it with warnings about unknown fields.

    Raises StatusError (400) for another kind, a wrong type, or in strict mode an unknown field.
    """
    if not isinstance(body, dict):
        raise bad_request(f"the body is no {resource.kind}")
    kind, api_version = body.get("kind") or resource.kind, body.get("apiVersion") or resource.api_version
    version = str(api_version).rpartition("/")[2]
    if (kind, api_version) != (resource.kind, resource.api_version):
        wanted = f'not "{resource.kind}" in "{resource.api_version}"'
        why = f'the object is of kind "{kind}" in "{api_version}", {wanted}'
        raise undecodable(str(kind), version, resource.kind, why)
    decoded = decode(SHAPES[resource.plural], body, kind=resource.kind, version=resource.version)
    unknown = tuple(f'unknown field "{path}"' for path in decoded.unknown)
    if unknown and options.field_validation == "Strict":
        why = f"strict decoding error: {', '.join(unknown)}"
        raise undecodable(resource.kind, resource.version, resource.kind, why)
    head = {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": decoded.value["metadata"]}
    rest = {key: value for key, value in decoded.value.items() if key not in _HEAD}
    return head | rest, unknown if options.field_validation == "Warn" else ()


def place(target: Target, obj: Object) -> None:
    """Put the object into the namespace of the path; raises StatusError (400) when it names another."""
    meta = obj["metadata"]
    if not target.resource.namespaced:
        meta.pop("namespace", None)
    elif meta.setdefault("namespace", target.namespace) != target.namespace:
        raise bad_request(
            "the namespace of the provided object does not match the namespace sent on the request"
        )


def check(resource: Resource, obj: Object, causes: Iterable[Cause]) -> None:
    """Check the metadata and the given causes; raises StatusError (422) with all of them."""
    found = [*_metadata_causes(resource, obj["metadata"]), *causes]
    if found:
        raise invalid(resource, obj["metadata"].get("name", ""), found)


def admit_to_namespace(registry: Registry, target: Target, name: str) -> None:
    """Check that content may be made in the namespace; raises StatusError (404, or 403 while it ends)."""
    if not target.resource.namespaced:
        return
    namespace = registry.store.find("namespaces", "", target.namespace)
    if namespace is None:
        raise not_found(by_plural("namespaces"), target.namespace)
    if "deletionTimestamp" in namespace["metadata"]:
        why = f"unable to create new content in namespace {target.namespace} because it is being terminated"
        cause = Cause(
            reason="NamespaceTerminating",
            message=f"namespace {target.namespace} is being terminated",
            field="metadata.namespace",
        )
        raise forbidden(target.resource, name, why, [cause])


def _metadata_causes(resource: Resource, meta: Mapping[str, Any]) -> Iterable[Cause]:
    yield from name_causes(resource.plural, meta)
    yield from labels_causes("metadata.labels", meta.get("labels", {}))
