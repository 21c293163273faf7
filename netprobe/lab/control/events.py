"""Events: what a controller wants people to know about an object."""

from __future__ import annotations

from collections.abc import Callable

from netprobe.lab.store.objects import Object, Store, event_name

_REMEMBERED = 4096
"""Events of which the names are remembered, so that the same words only raise a count."""


class Recorder:
    """Records v1 Events in the name of one component."""

    def __init__(self, store: Store, now: Callable[[], str], component: str) -> None:
        self._store = store
        self._now = now
        self._component = component
        self._names: dict[tuple[str, str, str], str] = {}

    def record(self, regarding: Object, reason: str, message: str, *, warning: bool = False) -> None:
        """Tell something about an object; the same thing told again only raises the count."""
        meta = regarding["metadata"]
        namespace = meta.get("namespace") or "default"
        told = (meta["uid"], reason, message)
        name = self._names.get(told, "")
        if self._store.find("events", namespace, name) is not None:
            self._store.change("events", namespace, name, lambda event: _repeat(event, self._now()))
            return
        if len(self._names) >= _REMEMBERED:
            self._names.clear()
        name = self._names[told] = event_name(self._store, regarding)
        event: Object = {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": namespace},
            "involvedObject": _reference(regarding),
            "type": "Warning" if warning else "Normal",
            "reason": reason,
            "message": message,
        }
        self._store.create("events", event | self._origin())

    def _origin(self) -> Object:
        moment = self._now()
        return {
            "source": {"component": self._component},
            "reportingComponent": self._component,
            "reportingInstance": "",
            "firstTimestamp": moment,
            "lastTimestamp": moment,
            "eventTime": None,
            "count": 1,
        }


def _reference(obj: Object) -> Object:
    meta = obj["metadata"]
    return {
        "apiVersion": obj["apiVersion"],
        "kind": obj["kind"],
        "namespace": meta.get("namespace", ""),
        "name": meta["name"],
        "uid": meta["uid"],
        "resourceVersion": meta["resourceVersion"],
    }


def _repeat(event: Object, now: str) -> None:
    event["count"] = event.get("count", 1) + 1
    event["lastTimestamp"] = now
