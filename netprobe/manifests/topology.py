"""The topology from plain API objects, as an API server gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netprobe.manifests.endpoints import Endpoints, read_service
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, ExternalHost, Namespace, Node, Pod, Topology

Body = Mapping[str, Any]

WORKLOAD_LABEL = "netprobe.io/workload"
"""The label that names a pod's workload, which no policy of an author selects by."""

_NODE_ADDRESSES = ("InternalIP", "ExternalIP")


def read_topology(  # noqa: PLR0913 - one keyword for each kind of object that a topology is made of
    *,
    namespaces: Iterable[Body],
    nodes: Iterable[Body],
    pods: Iterable[Body],
    services: Iterable[Body],
    endpoint_slices: Iterable[Body],
    externals: tuple[ExternalHost, ...] = (),
    nameserver: str = "",
    cluster_domain: str = "cluster.local",
) -> Topology:
    """Return what the objects say that a decision can depend on. Terminating pods are left out."""
    endpoints = Endpoints(endpoint_slices)
    return Topology(
        namespaces=tuple(_namespace(body) for body in namespaces),
        nodes=tuple(_node(body) for body in nodes),
        pods=tuple(_pods(pods)),
        services=tuple(read_service(body, endpoints) for body in services),
        externals=externals,
        nameserver=nameserver,
        cluster_domain=cluster_domain,
    )


def _namespace(body: Body) -> Namespace:
    metadata = body["metadata"]
    return Namespace(name=metadata["name"], labels=dict(metadata.get("labels") or {}))


def _node(body: Body) -> Node:
    written = (body.get("status") or {}).get("addresses") or ()
    # The internal address first, whatever the order of the list: that is the one pods are routed by.
    addresses = tuple(a["address"] for kind in _NODE_ADDRESSES for a in written if a["type"] == kind)
    return Node(name=body["metadata"]["name"], addresses=addresses)


def _pods(bodies: Iterable[Body]) -> Iterator[Pod]:
    """Pods with their index: the position among the replicas by age, then name.

    Finished pods (an evicted one stays as Failed beside its replacement) come after all others,
    so that they do not push a replica to another index.
    """
    living = sorted((body for body in bodies if not _is_terminating(body)), key=_age)
    replicas = Counter(_workload(body) for body in living)
    counts: Counter[tuple[str, str]] = Counter()
    for body in living:
        key = _workload(body)
        yield _pod(body, key[1], counts[key], replicas[key] - 1)
        counts[key] += 1


def _workload(body: Body) -> tuple[str, str]:
    metadata = body["metadata"]
    return metadata["namespace"], (metadata.get("labels") or {}).get(WORKLOAD_LABEL, "")


def _is_terminating(body: Body) -> bool:
    return bool(body["metadata"].get("deletionTimestamp"))


def _age(body: Body) -> tuple[bool, str, str]:
    metadata = body["metadata"]
    finished = (body.get("status") or {}).get("phase") in ("Succeeded", "Failed")
    return finished, metadata.get("creationTimestamp") or "", metadata["name"]


def _pod(body: Body, workload: str, index: int, siblings: int) -> Pod:
    metadata, spec, status = body["metadata"], body.get("spec") or {}, body.get("status") or {}
    return Pod(
        namespace=metadata["namespace"],
        name=metadata["name"],
        labels=dict(metadata.get("labels") or {}),
        ips=_addresses(status),
        ports=tuple(_ports(spec)),
        node=spec.get("nodeName") or "",
        uid=metadata.get("uid") or "",
        phase=status.get("phase") or "Pending",
        ready=_is_ready(status),
        host_network=bool(spec.get("hostNetwork")),
        workload=workload,
        index=index,
        siblings=siblings,
        restarts=sum(c.get("restartCount", 0) for c in status.get("containerStatuses") or ()),
    )


def _addresses(status: Body) -> tuple[str, ...]:
    several = tuple(entry["ip"] for entry in status.get("podIPs") or () if entry.get("ip"))
    one = status.get("podIP")
    return several or ((one,) if one else ())


def _ports(spec: Body) -> Iterator[ContainerPort]:
    for container in spec.get("containers") or ():
        for port in container.get("ports") or ():
            yield ContainerPort(
                number=port["containerPort"],
                protocol=Protocol(port.get("protocol") or "TCP"),
                name=port.get("name") or "",
            )


def _is_ready(status: Body) -> bool:
    conditions = status.get("conditions") or ()
    return any(c.get("type") == "Ready" and c.get("status") == "True" for c in conditions)
