"""Events: what a kubelet tells about a pod."""

from __future__ import annotations

from collections.abc import Callable

from netprobe.lab.store.objects import Object, Store, event_name


class PodEvents:
    """Records v1 Events about one pod; the same words again only raise the count."""

    def __init__(self, store: Store, now: Callable[[], str], pod: Object) -> None:
        self._store = store
        self._now = now
        self._pod = pod
        self._names: dict[tuple[str, str], str] = {}

    def record(self, reason: str, message: str, *, warning: bool = False) -> None:
        """Tell something."""
        namespace = self._pod["metadata"]["namespace"]
        name = self._names.get((reason, message))
        if name is not None and self._store.find("events", namespace, name) is not None:
            self._store.change("events", namespace, name, self._count)
            return
        name = self._names[reason, message] = event_name(self._store, self._pod)
        self._store.create("events", self._event(name, reason, message, warning=warning))

    def _count(self, event: Object) -> None:
        event["count"] += 1
        event["lastTimestamp"] = self._now()

    def _event(self, name: str, reason: str, message: str, *, warning: bool) -> Object:
        meta, moment = self._pod["metadata"], self._now()
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": meta["namespace"]},
            "involvedObject": {
                "apiVersion": "v1",
                "kind": "Pod",
                "namespace": meta["namespace"],
                "name": meta["name"],
                "uid": meta["uid"],
            },
            "type": "Warning" if warning else "Normal",
            "reason": reason,
            "message": message,
            "source": {"component": "kubelet", "host": self._pod["spec"]["nodeName"]},
            "reportingComponent": "kubelet",
            "reportingInstance": self._pod["spec"]["nodeName"],
            "firstTimestamp": moment,
            "lastTimestamp": moment,
            "eventTime": None,
            "count": 1,
        }
