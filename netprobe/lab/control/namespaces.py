"""Namespaces: furnished when they appear, emptied before they go."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from netprobe.lab.control.deleting import delete
from netprobe.lab.control.kinds import NAMESPACED, is_terminating
from netprobe.lab.store.objects import Event, Key, Object, Store

ROOT_CA = "kube-root-ca.crt"


class Namespaces:
    """Gives each namespace its default ServiceAccount and the cluster's CA; empties terminating ones."""

    resources = ("namespaces", *NAMESPACED.values())

    def __init__(self, store: Store, now: Callable[[], str], *, ca_pem: str = "") -> None:
        self._store = store
        self._now = now
        self._ca_pem = ca_pem
        self._emptied: set[str] = set()

    def keys(self, event: Event) -> Iterable[Key]:
        """The namespace itself, or that of an object which came late or just left."""
        if event.resource == "namespaces":
            return (("namespaces", "", event.object["metadata"]["name"]),)
        name = event.object["metadata"].get("namespace", "")
        namespace = self._store.find("namespaces", "", name)
        going = name in self._emptied if namespace is None else is_terminating(namespace)
        gone_and_needed = event.type == "DELETED" and event.resource in ("serviceaccounts", "configmaps")
        return (("namespaces", "", name),) if going or gone_and_needed else ()

    def reconcile(self, key: Key) -> None:
        """Furnish an active namespace, empty one that is going (or is gone and got a late object)."""
        namespace = self._store.find(*key)
        name = key[2]
        if namespace is None:
            if name in self._emptied:
                self._empty(name)
        elif is_terminating(namespace):
            if self._empty(name):
                self._emptied.add(name)
                self._store.remove(*key)
        else:
            self._emptied.discard(name)
            self._furnish(name)

    def _furnish(self, namespace: str) -> None:
        self._ensure("serviceaccounts", {"apiVersion": "v1", "kind": "ServiceAccount"}, namespace, "default")
        root_ca: Object = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"ca.crt": self._ca_pem}}
        self._ensure("configmaps", root_ca, namespace, ROOT_CA)

    def _ensure(self, resource: str, obj: Object, namespace: str, name: str) -> None:
        if self._store.find(resource, namespace, name) is None:
            self._store.create(resource, {**obj, "metadata": {"name": name, "namespace": namespace}})

    def _empty(self, namespace: str) -> bool:
        """Delete what is in the namespace; true when nothing is left. Events go last, with the rest gone."""
        for resource in NAMESPACED.values():
            if resource != "events":
                for obj in list(self._store.list(resource, namespace)):
                    delete(self._store, resource, obj, self._now)
        if any(
            True
            for resource in NAMESPACED.values()
            if resource != "events"
            for _ in self._store.list(resource, namespace)
        ):
            return False
        for event in list(self._store.list("events", namespace)):
            self._store.remove("events", namespace, event["metadata"]["name"])
        return True
