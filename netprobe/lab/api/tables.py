"""Objects as a ``Table``: the columns that ``kubectl get`` prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netprobe.lab.api.resources import Resource
from netprobe.lab.store.objects import Object

Cell = str | int
_NONE = "<none>"
_WIDE = {
    "pods": ("IP", "Node", "Nominated Node", "Readiness Gates"),
    "services": ("Selector",),
    "nodes": ("Internal-IP",),
}
"""Columns that show only in wide output."""


def table(
    resource: Resource, objects: Sequence[Object], meta: Mapping[str, Any], *, now: str
) -> dict[str, Any]:
    """The ``Table`` of the objects; ``now`` (RFC 3339) is what ages are counted from."""
    columns = _COLUMNS.get(resource.plural, {})
    names = ("Name", *(name for name in columns if name not in _WIDE.get(resource.plural, ())), "Age")
    wide = tuple(name for name in columns if name in _WIDE.get(resource.plural, ()))
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": dict(meta),
        "columnDefinitions": [_definition(name, 0) for name in names]
        + [_definition(name, 1) for name in wide],
        "rows": [
            {
                "cells": [_cell(columns, name, obj, now) for name in (*names, *wide)],
                "object": {
                    "kind": "PartialObjectMetadata",
                    "apiVersion": "meta.k8s.io/v1",
                    "metadata": obj["metadata"],
                },
            }
            for obj in objects
        ],
    }


def age(created: str, now: str) -> str:
    """The time from ``created`` to ``now`` in kubectl's short form (5s, 3m12s, 4h, 2d)."""
    seconds = int((_instant(now) - _instant(created)).total_seconds())
    if seconds < 120:
        return f"{seconds}s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 10:
        return f"{minutes}m{seconds % 60}s" if seconds % 60 else f"{minutes}m"
    if hours < 3:
        return f"{minutes}m"
    return f"{hours}h" if hours < 48 else f"{days}d"


def _definition(name: str, priority: int) -> dict[str, Any]:
    form = "name" if name == "Name" else ""
    return {"name": name, "type": "string", "format": form, "description": "", "priority": priority}


def _cell(columns: Mapping[str, Callable[[Object], Cell]], name: str, obj: Object, now: str) -> Cell:
    if name == "Name":
        return str(obj["metadata"]["name"])
    if name == "Age":
        return age(obj["metadata"]["creationTimestamp"], now)
    return columns[name](obj)


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _status(obj: Object, key: str) -> Cell:
    return int(obj.get("status", {}).get(key, 0))


def _selector(selector: Mapping[str, str] | None) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted((selector or {}).items())) or _NONE


def _pod_statuses(pod: Object) -> list[dict[str, Any]]:
    return list(pod.get("status", {}).get("containerStatuses", ()))


def _pod_ready(pod: Object) -> str:
    ready = sum(bool(status.get("ready")) for status in _pod_statuses(pod))
    return f"{ready}/{len(pod['spec']['containers'])}"


def _pod_state(pod: Object) -> str:
    if "deletionTimestamp" in pod["metadata"]:
        return "Terminating"
    for status in _pod_statuses(pod):
        state = status.get("state", {})
        reason = (state.get("waiting") or state.get("terminated") or {}).get("reason")
        if reason:
            return str(reason)
    return str(pod.get("status", {}).get("phase", "Unknown"))


def _ports(service: Object) -> str:
    return (
        ",".join(
            f"{p['port']}{':' + str(p['nodePort']) if 'nodePort' in p else ''}/{p['protocol']}"
            for p in service["spec"].get("ports", ())
        )
        or _NONE
    )


def _node_state(node: Object) -> str:
    conditions = node.get("status", {}).get("conditions", ())
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return "Ready" if ready else "NotReady"


def _node_address(node: Object) -> str:
    addresses = node.get("status", {}).get("addresses", ())
    return next((a["address"] for a in addresses if a["type"] == "InternalIP"), _NONE)


_COLUMNS: dict[str, dict[str, Callable[[Object], Cell]]] = {
    "configmaps": {"Data": lambda o: len(o.get("data", {})) + len(o.get("binaryData", {}))},
    "daemonsets": {
        "Desired": lambda o: _status(o, "desiredNumberScheduled"),
        "Current": lambda o: _status(o, "currentNumberScheduled"),
        "Ready": lambda o: _status(o, "numberReady"),
        "Up-to-date": lambda o: _status(o, "updatedNumberScheduled"),
        "Available": lambda o: _status(o, "numberAvailable"),
    },
    "deployments": {
        "Ready": lambda o: f"{_status(o, 'readyReplicas')}/{o['spec'].get('replicas', 1)}",
        "Up-to-date": lambda o: _status(o, "updatedReplicas"),
        "Available": lambda o: _status(o, "availableReplicas"),
    },
    "events": {
        "Type": lambda o: o.get("type", ""),
        "Reason": lambda o: o.get("reason", ""),
        "Object": lambda o: f"{o['involvedObject']['kind'].lower()}/{o['involvedObject']['name']}",
        "Message": lambda o: o.get("message", ""),
    },
    "namespaces": {"Status": lambda o: o.get("status", {}).get("phase", "")},
    "networkpolicies": {
        "Pod-Selector": lambda o: _selector(o["spec"].get("podSelector", {}).get("matchLabels")),
    },
    "nodes": {
        "Status": _node_state,
        "Roles": lambda _: _NONE,
        "Version": lambda o: o.get("status", {}).get("nodeInfo", {}).get("kubeletVersion", ""),
        "Internal-IP": _node_address,
    },
    "pods": {
        "Ready": _pod_ready,
        "Status": _pod_state,
        "Restarts": lambda o: str(sum(s.get("restartCount", 0) for s in _pod_statuses(o))),
        "IP": lambda o: o.get("status", {}).get("podIP", _NONE),
        "Node": lambda o: o["spec"].get("nodeName", _NONE),
        "Nominated Node": lambda _: _NONE,
        "Readiness Gates": lambda _: _NONE,
    },
    "replicasets": {
        "Desired": lambda o: o["spec"].get("replicas", 1),
        "Current": lambda o: _status(o, "replicas"),
        "Ready": lambda o: _status(o, "readyReplicas"),
    },
    "services": {
        "Type": lambda o: o["spec"]["type"],
        "Cluster-IP": lambda o: o["spec"].get("clusterIP", _NONE),
        "External-IP": lambda _: _NONE,
        "Port(s)": _ports,
        "Selector": lambda o: _selector(o["spec"].get("selector")),
    },
}
