"""Which nodes an audit looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Body = Mapping[str, Any]

MOST_NODES = 20
"""Nodes that an audit looks at unless it is told otherwise: two deployments more for each."""

_HOSTNAME = "kubernetes.io/hostname"
_NODE_INFO = {"kernel": "kernelVersion", "system": "osImage", "runtime": "containerRuntimeVersion"}
_CLOSED = ("NoSchedule", "NoExecute")


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditedNode:
    """A node by its name and the label by which pods are put on it; ``taints`` are to be tolerated."""

    name: str
    hostname: str
    taints: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The nodes of an audit, and the others with the reason why they are left out."""

    nodes: tuple[AuditedNode, ...]
    excluded: Mapping[str, str]
    ipv6: bool = False
    """Whether the pods of these nodes have IPv6 addresses first, as far as the nodes tell."""

    facts: Mapping[str, str] = field(default_factory=dict)
    """What all nodes of the cluster tell of themselves (see ``facts_of``)."""


def choose_nodes(bodies: Sequence[Body], *, tolerate: bool = False, most: int = MOST_NODES) -> Choice:
    """Choose the nodes that take pods, in the order of their names; at most ``most`` of them."""
    chosen: list[AuditedNode] = []
    excluded: dict[str, str] = {}
    for body in sorted(bodies, key=lambda each: str(each["metadata"]["name"])):
        name = str(body["metadata"]["name"])
        reason = _reason(body, tolerate=tolerate)
        if not reason and len(chosen) >= most:
            reason = f"more than {most} nodes (--nodes changes that)"
        if reason:
            excluded[name] = reason
        else:
            labels = body["metadata"].get("labels") or {}
            taints = tuple(_closing(body)) if tolerate else ()
            chosen.append(AuditedNode(name=name, hostname=labels.get(_HOSTNAME, name), taints=taints))
    names = {node.name for node in chosen}
    first = [_first_address(body) for body in bodies if body["metadata"]["name"] in names]
    ipv6 = bool(first) and all(":" in address for address in first)
    return Choice(nodes=tuple(chosen), excluded=excluded, ipv6=ipv6, facts=facts_of(bodies))


def facts_of(bodies: Sequence[Body]) -> dict[str, str]:
    """What all nodes tell of themselves, for a report's head: how many, and the words of each kind."""
    infos = [(body.get("status") or {}).get("nodeInfo") or {} for body in bodies]
    facts = {"nodes": str(len(bodies))}
    for name, key in _NODE_INFO.items():
        words = dict.fromkeys(str(info[key]) for info in infos if info.get(key))
        if words:
            facts[name] = ", ".join(words)
    return facts


def _first_address(body: Body) -> str:
    """The first pod CIDR of the node, or else its first internal address: pods have that family first."""
    spec, status = body.get("spec") or {}, body.get("status") or {}
    cidrs = spec.get("podCIDRs") or ([spec["podCIDR"]] if spec.get("podCIDR") else [])
    internal = [each["address"] for each in status.get("addresses") or () if each.get("type") == "InternalIP"]
    return str((*cidrs, *internal, "")[0])


def _reason(body: Body, *, tolerate: bool) -> str:
    spec, labels = body.get("spec") or {}, body["metadata"].get("labels") or {}
    if spec.get("unschedulable"):
        return "it takes no pods (cordoned)"
    if labels.get("kubernetes.io/os", "linux") != "linux":
        return f"it runs {labels['kubernetes.io/os']}"
    conditions = {
        each.get("type"): each.get("status") for each in (body.get("status") or {}).get("conditions") or ()
    }
    if conditions.get("Ready", "True") != "True":
        return "it is not ready"
    taints = list(_closing(body))
    if taints and not tolerate:
        return f"it has the taint {taints[0].get('key')} (--tolerate puts pods there all the same)"
    return ""


def _closing(body: Body) -> list[Mapping[str, str]]:
    return [each for each in (body.get("spec") or {}).get("taints") or () if each.get("effect") in _CLOSED]
