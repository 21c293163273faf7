"""Sowing: the objects that a cluster starts with go into its store through the API's own defaulting."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netprobe.lab.api.creating import create
from netprobe.lab.api.options import WriteOptions
from netprobe.lab.api.paths import Target
from netprobe.lab.api.registry import make_registry
from netprobe.lab.api.resources import by_plural
from netprobe.lab.cluster.identities.decor import decor_objects, mark_nodes
from netprobe.lab.cluster.seed import NodePlace, system_objects
from netprobe.lab.store.objects import Store


def sow(store: Store, identity: str, places: Sequence[NodePlace], now: Callable[[], str]) -> None:
    """Create the system's objects and those of the identity ("" has none); ``now`` tells RFC 3339."""
    registry = make_registry(store, now)
    for placed in (*system_objects(places, now=now()), *decor_objects(identity, len(places))):
        body, resource = placed.body, by_plural(placed.resource)
        target = Target(resource=resource, namespace=body["metadata"].get("namespace", ""))
        created = create(registry, target, body, WriteOptions(field_validation="Strict")).body
        if "status" in body:
            store.replace(placed.resource, {**created, "status": body["status"]}, status=True)
    mark_nodes(store, identity, places, now=now())
