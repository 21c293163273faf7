"""What keeps a cluster from being ready, in words: a recipe's conditions, and the nodes themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netprobe.cluster.kube.kinds import collection_path
from netprobe.cluster.kube.readiness import why_not_ready
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.waiting import take_snapshot
from netprobe.cluster.port import ObjectRef
from netprobe.cluster.providers.kind.recipe import Ready
from netprobe.errors import Refused

_CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """One thing to wait for: what it is called, the workload that it is about (if any), and its trouble.

    ``trouble`` asks the API; "" when the condition holds.
    """

    title: str
    trouble: Callable[[Rest], str]
    workload: ObjectRef | None = None


def conditions_of(wanted: Sequence[Ready]) -> tuple[Condition, ...]:
    """The conditions that a recipe writes."""
    return tuple(_condition(each) for each in wanted)


def _condition(ready: Ready) -> Condition:
    if ready.daemonset is not None:
        return _workload("DaemonSet", ready.daemonset)
    if ready.deployment is not None:
        return _workload("Deployment", ready.deployment)
    if ready.crd is not None:
        path = f"{_CRDS}/{ready.crd}"
        return Condition(title=f"CRD {ready.crd}", trouble=lambda rest: _lacking(rest, path, "Established"))
    assert ready.resource is not None
    assert ready.condition is not None
    path, kind = f"/{ready.resource}", ready.condition
    name = "/".join(ready.resource.split("/")[-2:])
    return Condition(title=f"{name} {kind}", trouble=lambda rest: _lacking(rest, path, kind))


def _workload(kind: str, name: str) -> Condition:
    namespace, _, own = name.partition("/")
    ref = ObjectRef(api_version="apps/v1", kind=kind, name=own, namespace=namespace)

    def trouble(rest: Rest) -> str:
        snapshot = take_snapshot(rest, ref.namespace, {kind})
        body = snapshot.objects.get((kind, own))
        if kind == "DaemonSet" and body is not None and not _status(body).get("desiredNumberScheduled"):
            return "it wants no pod on any node so far"
        return why_not_ready(ref, snapshot)

    return Condition(title=str(ref), trouble=trouble, workload=ref)


def _lacking(rest: Rest, path: str, kind: str) -> str:
    """Why the condition of that type is not True, in the words of the resource."""
    try:
        body = rest.get(path)
    except Refused as refused:
        if refused.status == 404:
            return "there is no such object"
        raise
    return _not_true(body, kind)


def _not_true(body: Mapping[str, Any], kind: str) -> str:
    found = next((each for each in _status(body).get("conditions") or () if each.get("type") == kind), None)
    if found is None:
        return f"it has no condition {kind} so far"
    if found.get("status") == "True":
        return ""
    words = " ".join(str(found.get("message") or found.get("reason") or "").split())
    return f"{kind} is {found.get('status')}" + (f": {words}" if words else "")


def _nodes_trouble(rest: Rest) -> str:
    nodes = rest.items(collection_path("Node"))
    troubles = {str(node["metadata"]["name"]): _not_true(node, "Ready") for node in nodes}
    lacking = {name: why for name, why in troubles.items() if why}
    if not nodes:
        return "there is none"
    if not lacking:
        return ""
    name, why = next(iter(lacking.items()))
    return f"{len(nodes) - len(lacking)} of {len(nodes)} are; {name}: {why}"


NODES = Condition(title="nodes Ready", trouble=_nodes_trouble)
"""Every node is Ready: its network has come."""


def _status(body: Mapping[str, Any]) -> Mapping[str, Any]:
    status = body.get("status")
    return status if isinstance(status, Mapping) else {}
