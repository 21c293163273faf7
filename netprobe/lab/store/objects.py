"""An in-memory, watchable store of Kubernetes objects, used from one asyncio loop only.

Objects are plain dicts as the API shows them. The store owns ``metadata.uid``,
``resourceVersion``, ``generation`` and ``creationTimestamp``; it knows nothing of validation,
defaulting or ownership (those are the API's and the controllers').
"""

from __future__ import annotations

import asyncio
import copy
import itertools
import uuid
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]
Key = tuple[str, str, str]
"""(resource, namespace, name): the plural resource name such as ``pods``, namespace "" if cluster-scoped."""

HISTORY = 10_000
_WITHOUT_GENERATION = frozenset({"namespaces", "nodes", "services"})
"""Kinds with a spec whose changes nobody counts."""


class Conflict(Exception):
    """The object exists already (on create), or its resourceVersion or uid is not the one given."""


class NotFound(Exception):
    """There is no such object."""


class Gone(Exception):
    """The resourceVersion to watch from is older than what the store remembers (HTTP 410)."""


@dataclass(frozen=True, slots=True)
class Event:
    """A change: ``type`` is ADDED, MODIFIED or DELETED; ``object`` the new (or last) state.

    ``previous`` is the state before a MODIFIED, so that a selector watch can turn it into ADDED or
    DELETED. Events hand out the stored dicts: never change them.
    """

    type: str
    resource: str
    object: Object
    version: int
    previous: Object | None = None


class Store:
    """Objects by resource, namespace and name, with a bounded history for watches."""

    def __init__(self, now: Callable[[], str]) -> None:
        """``now`` returns the present as RFC 3339 in UTC, with whole seconds."""
        self._now = now
        self._objects: dict[str, dict[tuple[str, str], Object]] = {}
        self._versions = itertools.count(1)
        self.version = 0
        self._history: deque[Event] = deque(maxlen=HISTORY)
        self._subscriptions: set[asyncio.Queue[Event]] = set()

    def create(self, resource: str, obj: Object) -> Object:
        """Store a new object; raises Conflict when the name is taken. Returns the stored state."""
        obj = copy.deepcopy(obj)
        meta = obj.setdefault("metadata", {})
        key = (meta.get("namespace", ""), meta["name"])
        table = self._objects.setdefault(resource, {})
        if key in table:
            raise Conflict(f'{resource} "{key[1]}" already exists')
        meta.setdefault("uid", str(uuid.uuid4()))
        meta.setdefault("creationTimestamp", self._now())
        if "spec" in obj and resource not in _WITHOUT_GENERATION:
            meta.setdefault("generation", 1)
        return self._write("ADDED", resource, key, obj, None)

    def get(self, resource: str, namespace: str, name: str) -> Object:
        """Return the stored state (do not change it); raises NotFound."""
        try:
            return self._objects[resource][(namespace, name)]
        except KeyError:
            raise NotFound(f'{resource} "{name}" not found') from None

    def find(self, resource: str, namespace: str, name: str) -> Object | None:
        """Like ``get``, but None when there is no such object."""
        return self._objects.get(resource, {}).get((namespace, name))

    def list(self, resource: str, namespace: str = "") -> Iterator[Object]:
        """All objects of a resource (of a namespace), sorted by namespace and name; do not change them."""
        table = self._objects.get(resource, {})
        for key in sorted(table):
            if not namespace or key[0] == namespace:
                yield table[key]

    def replace(self, resource: str, obj: Object, *, version: str = "", status: bool = False) -> Object:
        """Replace an object; raises NotFound, or Conflict when ``version`` is given and stale.

        ``status`` true keeps everything but ``status``; false keeps the old ``status``. Metadata
        that the store owns is kept. ``generation`` grows when spec changes. A replacement that
        changes nothing writes nothing.
        """
        obj = copy.deepcopy(obj)
        meta = obj["metadata"]
        key = (meta.get("namespace", ""), meta["name"])
        old = self.get(resource, *key)
        if version and version != old["metadata"]["resourceVersion"]:
            raise Conflict("the object has been modified")
        new = _with_status_of(obj, old) if status else _with_owned_fields_of(old, obj)
        new["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"]
        if new == old:
            return old
        return self._write("MODIFIED", resource, key, new, old)

    def change(self, resource: str, namespace: str, name: str, edit: Callable[[Object], None]) -> Object:
        """Edit a copy of the whole object (metadata, spec and status) and store it if it differs."""
        old = self.get(resource, namespace, name)
        new = copy.deepcopy(old)
        edit(new)
        if new == old:
            return old
        if new.get("spec") != old.get("spec") and "generation" in new["metadata"]:
            new["metadata"]["generation"] += 1
        return self._write("MODIFIED", resource, (namespace, name), new, old)

    def remove(self, resource: str, namespace: str, name: str) -> Object:
        """Take the object out, at once; raises NotFound. Graceful deletion is the API's business."""
        old = self.get(resource, namespace, name)
        del self._objects[resource][(namespace, name)]
        last = copy.deepcopy(old)
        self._stamp(last)
        self._publish(Event("DELETED", resource, last, self.version))
        return last

    def events_since(self, version: int) -> tuple[Event, ...]:
        """The events after ``version``; raises Gone when they are no longer remembered."""
        if self._history and version < self._history[0].version - 1:
            raise Gone(f"too old resource version: {version} ({self._history[0].version})")
        return tuple(event for event in self._history if event.version > version)

    async def watch(self, since: int | None = None) -> AsyncGenerator[Event, None]:
        """Yield every later event of every resource (after ``since``, default: from now on)."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        for event in self.events_since(self.version if since is None else since):
            queue.put_nowait(event)
        self._subscriptions.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._subscriptions.discard(queue)

    def _write(
        self, kind: str, resource: str, key: tuple[str, str], obj: Object, old: Object | None
    ) -> Object:
        self._stamp(obj)
        self._objects.setdefault(resource, {})[key] = obj
        self._publish(Event(kind, resource, obj, self.version, old))
        return obj

    def _stamp(self, obj: Object) -> None:
        self.version = next(self._versions)
        obj["metadata"]["resourceVersion"] = str(self.version)

    def _publish(self, event: Event) -> None:
        self._history.append(event)
        for queue in self._subscriptions:
            queue.put_nowait(event)


def event_name(store: Store, regarding: Object) -> str:
    """A new name for an Event about an object; such names sort as the Events happened."""
    return f"{regarding['metadata']['name']}.{store.version:016x}"


def _with_status_of(obj: Object, old: Object) -> Object:
    new = copy.deepcopy(old)
    if "status" in obj:
        new["status"] = obj["status"]
    return new


def _with_owned_fields_of(old: Object, new: Object) -> Object:
    if "status" in old:
        new["status"] = copy.deepcopy(old["status"])
    for owned in ("uid", "creationTimestamp", "generation", "deletionTimestamp"):
        if owned in old["metadata"]:
            new["metadata"][owned] = old["metadata"][owned]
    if new.get("spec") != old.get("spec") and "generation" in new["metadata"]:
        new["metadata"]["generation"] += 1
    return new
