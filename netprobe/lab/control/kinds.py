"""The kinds of object that the controllers meet: kind → plural resource name of the store."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.lab.store.objects import Key, Object

NAMESPACED: Mapping[str, str] = {
    "ConfigMap": "configmaps",
    "DaemonSet": "daemonsets",
    "Deployment": "deployments",
    "EndpointSlice": "endpointslices",
    "Event": "events",
    "NetworkPolicy": "networkpolicies",
    "Pod": "pods",
    "ReplicaSet": "replicasets",
    "Service": "services",
    "ServiceAccount": "serviceaccounts",
}
CLUSTER_SCOPED: Mapping[str, str] = {"Namespace": "namespaces", "Node": "nodes"}
RESOURCES: Mapping[str, str] = {**NAMESPACED, **CLUSTER_SCOPED}

DECOR = "netprobe.io/decor"
"""Annotation of objects that only look like something: no controller acts on them."""


def key_of(resource: str, obj: Object) -> Key:
    """The store's key of an object."""
    meta = obj["metadata"]
    return (resource, meta.get("namespace", ""), meta["name"])


def is_terminating(obj: Object) -> bool:
    """Whether the object is marked for deletion."""
    return "deletionTimestamp" in obj["metadata"]


def is_decor(obj: Object) -> bool:
    """Whether controllers leave the object alone."""
    return DECOR in (obj["metadata"].get("annotations") or {})
