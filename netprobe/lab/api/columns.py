"""The columns that ``kubectl get`` prints of each kind, named and ordered as the API server's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.store.objects import Object

_Cell = str | int
_NONE, _UNSET = "<none>", "<unset>"


@dataclass(frozen=True, slots=True)
class Column:
    """``cell`` makes it from an object and the present time (RFC 3339); ``wide``: only with ``-o wide``."""

    name: str
    cell: Callable[[Object, str], _Cell]
    wide: bool = False


def columns_of(plural: str) -> tuple[Column, ...]:
    """The columns of a kind, by its plural; of an unknown one its name and age."""
    if plural == "events":
        return _EVENT
    narrow, wide = _COLUMNS.get(plural, ((), ()))
    between = tuple(Column(name, _of_object(cell)) for name, cell in narrow)
    before_age = 2 if plural == "nodes" else len(between)  # of all other kinds it is last
    between = (*between[:before_age], _AGE, *between[before_age:])
    return (_NAME, *between, *(Column(name, _of_object(cell), wide=True) for name, cell in wide))


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


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _of_object(cell: Callable[[Object], _Cell]) -> Callable[[Object, str], _Cell]:
    return lambda obj, _: cell(obj)


def _status(key: str) -> Callable[[Object], _Cell]:
    return lambda obj: int(obj.get("status", {}).get(key, 0))


def _selector(selector: Mapping[str, Any] | None) -> str:
    """A label selector as one text; a plain map of labels counts as one."""
    selector = selector or {}
    labels = selector.get("matchLabels", {}) if _is_label_selector(selector) else selector
    parts = [f"{key}={value}" for key, value in sorted((labels or {}).items())]
    for each in selector.get("matchExpressions") or () if _is_label_selector(selector) else ():
        key, operator, values = each["key"], each["operator"], ",".join(sorted(each.get("values") or ()))
        shown = {"Exists": key, "DoesNotExist": f"!{key}", "In": f"{key} in ({values})"}
        parts.append(shown.get(operator, f"{key} notin ({values})"))
    return ",".join(parts) or _NONE


def _is_label_selector(selector: Mapping[str, Any]) -> bool:
    return any(isinstance(value, (dict, list)) for value in selector.values())


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
    state = "Ready" if ready else "NotReady"
    return f"{state},SchedulingDisabled" if node.get("spec", {}).get("unschedulable") else state


def _node_roles(node: Object) -> str:
    prefix = "node-role.kubernetes.io/"
    labels = node["metadata"].get("labels", {})
    return ",".join(sorted(key.removeprefix(prefix) for key in labels if key.startswith(prefix))) or _NONE


def _node_address(node: Object) -> str:
    addresses = node.get("status", {}).get("addresses", ())
    return next((a["address"] for a in addresses if a["type"] == "InternalIP"), _NONE)


def _node_info(key: str) -> Callable[[Object], _Cell]:
    return lambda node: str(node.get("status", {}).get("nodeInfo", {}).get(key, "<unknown>"))


def _few(items: Iterable[str], most: int = 3) -> str:
    """The first items, and how many more there are."""
    shown = list(items)
    more = f" + {len(shown) - most} more..." if len(shown) > most else ""
    return ",".join(shown[:most]) + more


def _slice_ports(endpoints: Object) -> str:
    ports = [str(port.get("port", "*")) for port in endpoints.get("ports") or ()]
    return _few(ports) or _UNSET


def _slice_addresses(endpoints: Object) -> str:
    found = [address for each in endpoints.get("endpoints") or () for address in each["addresses"]]
    return _few(found) or _UNSET


def _containers(key: str) -> Callable[[Object], _Cell]:
    return lambda obj: ",".join(each[key] for each in obj["spec"]["template"]["spec"]["containers"])


def _of_pods(obj: Object) -> str:
    return _selector(obj["spec"].get("selector"))


def _event_object(event: Object) -> str:
    return f"{event['involvedObject']['kind'].lower()}/{event['involvedObject']['name']}"


def _event_source(event: Object) -> str:
    source = event.get("source") or {}
    return ", ".join(filter(None, (source.get("component"), source.get("host"))))


def _event_age(key: str) -> Callable[[Object, str], _Cell]:
    return lambda event, now: age(event[key], now) if event.get(key) else "<unknown>"


_NAME = Column("Name", lambda obj, _: str(obj["metadata"]["name"]))
_AGE = Column("Age", lambda obj, now: age(obj["metadata"]["creationTimestamp"], now))
_EVENT = (
    Column("Last Seen", _event_age("lastTimestamp")),
    Column("Type", lambda event, _: event.get("type", "")),
    Column("Reason", lambda event, _: event.get("reason", "")),
    Column("Object", lambda event, _: _event_object(event)),
    Column("Subobject", lambda event, _: event["involvedObject"].get("fieldPath", ""), wide=True),
    Column("Source", lambda event, _: _event_source(event), wide=True),
    Column("Message", lambda event, _: event.get("message", "").strip()),
    Column("First Seen", _event_age("firstTimestamp"), wide=True),
    Column("Count", lambda event, _: event.get("count", 1), wide=True),
    Column("Name", _NAME.cell, wide=True),
)

_Cells = tuple[tuple[str, Callable[[Object], _Cell]], ...]
_TEMPLATE: _Cells = (
    ("Containers", _containers("name")),
    ("Images", _containers("image")),
    ("Selector", _of_pods),
)
_COLUMNS: dict[str, tuple[_Cells, _Cells]] = {
    "configmaps": ((("Data", lambda o: len(o.get("data", {})) + len(o.get("binaryData", {}))),), ()),
    "daemonsets": (
        (
            ("Desired", _status("desiredNumberScheduled")),
            ("Current", _status("currentNumberScheduled")),
            ("Ready", _status("numberReady")),
            ("Up-to-date", _status("updatedNumberScheduled")),
            ("Available", _status("numberAvailable")),
            ("Node Selector", lambda o: _selector(o["spec"]["template"]["spec"].get("nodeSelector"))),
        ),
        _TEMPLATE,
    ),
    "deployments": (
        (
            ("Ready", lambda o: f"{_status('readyReplicas')(o)}/{o['spec'].get('replicas', 1)}"),
            ("Up-to-date", _status("updatedReplicas")),
            ("Available", _status("availableReplicas")),
        ),
        _TEMPLATE,
    ),
    "endpointslices": (
        (
            ("AddressType", lambda o: o.get("addressType", "")),
            ("Ports", _slice_ports),
            ("Endpoints", _slice_addresses),
        ),
        (),
    ),
    "namespaces": ((("Status", lambda o: o.get("status", {}).get("phase", "")),), ()),
    "networkpolicies": ((("Pod-Selector", lambda o: _selector(o["spec"].get("podSelector"))),), ()),
    "nodes": (
        (
            ("Status", _node_state),
            ("Roles", _node_roles),
            ("Version", _node_info("kubeletVersion")),
        ),
        (
            ("Internal-IP", _node_address),
            ("External-IP", lambda _: _NONE),
            ("OS-Image", _node_info("osImage")),
            ("Kernel-Version", _node_info("kernelVersion")),
            ("Container-Runtime", _node_info("containerRuntimeVersion")),
        ),
    ),
    "pods": (
        (
            ("Ready", _pod_ready),
            ("Status", _pod_state),
            ("Restarts", lambda o: str(sum(s.get("restartCount", 0) for s in _pod_statuses(o)))),
        ),
        (
            ("IP", lambda o: o.get("status", {}).get("podIP", _NONE)),
            ("Node", lambda o: o["spec"].get("nodeName", _NONE)),
            ("Nominated Node", lambda _: _NONE),
            ("Readiness Gates", lambda _: _NONE),
        ),
    ),
    "replicasets": (
        (
            ("Desired", lambda o: o["spec"].get("replicas", 1)),
            ("Current", _status("replicas")),
            ("Ready", _status("readyReplicas")),
        ),
        _TEMPLATE,
    ),
    "services": (
        (
            ("Type", lambda o: o["spec"]["type"]),
            ("Cluster-IP", lambda o: o["spec"].get("clusterIP", _NONE)),
            ("External-IP", lambda _: _NONE),
            ("Port(s)", _ports),
        ),
        (("Selector", lambda o: _selector(o["spec"].get("selector"))),),
    ),
}
"""Between a kind's name and its age: the columns that always show, and after them those of wide output."""
