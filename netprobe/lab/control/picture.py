"""Reading the store's objects into the picture from which the data path compiles its rules."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from netprobe.errors import InputError
from netprobe.lab.datapath.picture import Frontend, NodeAddress, Picture
from netprobe.lab.store.objects import Object, Store
from netprobe.manifests.policy import decode_policy_body
from netprobe.model.policy import NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, Namespace, Pod

SERVICE_NAME = "kubernetes.io/service-name"
RELEVANT = frozenset({"pods", "namespaces", "networkpolicies", "services", "endpointslices"})
"""The resources that the picture is drawn from."""

_log = logging.getLogger(__name__)


_T = TypeVar("_T")


class PictureReader:
    """Draws the picture; what was decoded once is kept until the object's resourceVersion moves."""

    def __init__(self, store: Store, nodes: Sequence[NodeAddress]) -> None:
        self._store = store
        self._nodes = tuple(nodes)
        self._pods: dict[str, tuple[str, Pod]] = {}
        self._policies: dict[str, tuple[str, NetworkPolicy | None]] = {}

    def read(self) -> Picture:
        """The cluster as it stands in the store now."""
        self._pods, pods = _decode_all(self._store.list("pods"), self._pods, _pod)
        self._policies, policies = _decode_all(self._store.list("networkpolicies"), self._policies, _policy)
        services = list(self._store.list("services"))
        return Picture(
            pods=pods,
            namespaces=tuple(map(_namespace, self._store.list("namespaces"))),
            policies=tuple(policy for policy in policies if policy is not None),
            frontends=tuple(self._frontends(services)),
            cluster_ips=tuple(sorted({ip for service in services if (ip := _cluster_ip(service))})),
            nodes=self._nodes,
        )

    def _frontends(self, services: Sequence[Object]) -> Iterator[Frontend]:
        """Each address and port once, so that one odd Service cannot spoil a whole node's rules."""
        slices: dict[tuple[str, str], list[Object]] = defaultdict(list)
        for one in self._store.list("endpointslices"):
            meta = one["metadata"]
            slices[meta["namespace"], (meta.get("labels") or {}).get(SERVICE_NAME, "")].append(one)
        seen: set[tuple[str, int, Protocol]] = set()
        node_ports: set[tuple[int, Protocol]] = set()
        for service in services:
            meta = service["metadata"]
            for frontend in _of_service(service, slices[meta["namespace"], meta["name"]], node_ports):
                if (frontend.cluster_ip, frontend.port, frontend.protocol) not in seen:
                    seen.add((frontend.cluster_ip, frontend.port, frontend.protocol))
                    yield frontend


def _decode_all(
    objects: Iterator[Object], known: Mapping[str, tuple[str, _T]], decode: Callable[[Object], _T]
) -> tuple[dict[str, tuple[str, _T]], tuple[_T, ...]]:
    """Decode what is new or changed; returns what to remember, by uid, and all values in order."""
    fresh: dict[str, tuple[str, _T]] = {}
    for obj in objects:
        uid, version = obj["metadata"]["uid"], obj["metadata"]["resourceVersion"]
        old = known.get(uid)
        fresh[uid] = old if old is not None and old[0] == version else (version, decode(obj))
    return fresh, tuple(value for _, value in fresh.values())


def _pod(obj: Object) -> Pod:
    meta, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    return Pod(
        namespace=meta["namespace"],
        name=meta["name"],
        labels=meta.get("labels") or {},
        ips=(status["podIP"],) if status.get("podIP") else (),
        ports=tuple(
            ContainerPort(
                number=port["containerPort"],
                protocol=Protocol(port.get("protocol") or "TCP"),
                name=port.get("name") or "",
            )
            for container in spec["containers"]
            for port in container.get("ports") or ()
        ),
        node=spec.get("nodeName") or "",
        uid=meta["uid"],
        phase=status.get("phase") or "Pending",
        host_network=bool(spec.get("hostNetwork")),
        workload=_controller(meta),
    )


def _controller(meta: Mapping[str, Any]) -> str:
    """The name of the controller that made the object, "" for a bare one."""
    return next((str(one["name"]) for one in meta.get("ownerReferences") or () if one.get("controller")), "")


def _policy(obj: Object) -> NetworkPolicy | None:
    """The API refuses what cannot be read, so this is a fault of the lab: tell, and keep the others."""
    try:
        return decode_policy_body(obj)
    except InputError:
        meta = obj["metadata"]
        _log.exception("networkpolicy %s/%s is not enforced", meta["namespace"], meta["name"])
        return None


def _namespace(obj: Object) -> Namespace:
    return Namespace(name=obj["metadata"]["name"], labels=obj["metadata"].get("labels") or {})


def _cluster_ip(service: Object) -> str:
    """The Service's ClusterIP; "" when headless, an ExternalName, or not given one."""
    address = service["spec"].get("clusterIP") or ""
    return "" if address == "None" else str(address)


def _of_service(
    service: Object, slices: Sequence[Object], node_ports: set[tuple[int, Protocol]]
) -> Iterator[Frontend]:
    cluster_ip = _cluster_ip(service)
    if not cluster_ip:
        return
    for port in service["spec"].get("ports") or ():
        protocol = Protocol(port.get("protocol") or "TCP")
        node_port = int(port.get("nodePort") or 0)
        free = bool(node_port) and (node_port, protocol) not in node_ports
        node_ports.add((node_port, protocol))
        yield Frontend(
            cluster_ip=cluster_ip,
            port=port["port"],
            protocol=protocol,
            node_port=node_port if free else 0,
            backends=tuple(sorted(set(_backends(slices, port.get("name") or "", protocol)))),
        )


def _backends(slices: Sequence[Object], name: str, protocol: Protocol) -> Iterator[tuple[str, int]]:
    """(address, port) of every ready endpoint; a slice and a Service meet by the name of the port."""
    for one in slices:
        for port in one.get("ports") or ():
            if (port.get("name") or "", port.get("protocol") or "TCP") == (name, protocol):
                for endpoint in one.get("endpoints") or ():
                    if _is_ready(endpoint):
                        yield endpoint["addresses"][0], port["port"]


def _is_ready(endpoint: Mapping[str, Any]) -> bool:
    """discovery/v1 EndpointConditions: an absent ``ready`` counts as true."""
    return (endpoint.get("conditions") or {}).get("ready") is not False
