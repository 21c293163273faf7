"""The names of the cluster: what the cluster's DNS answers, straight from the store.

Follows the Kubernetes DNS specification (Services and pods): a Service's ClusterIP, the ready
endpoints of a headless Service, endpoints by host name, SRV records of named ports, pods by address.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netprobe.lab.node.pod_plan import CLUSTER_DOMAIN
from netprobe.lab.store.objects import Object, Store

_SUFFIX = tuple(CLUSTER_DOMAIN.split("."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Port:
    """An SRV answer: a port of ``target`` (a domain name)."""

    port: int
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a name has: IPv4 ``addresses``, SRV ``ports``, or another name (``alias``).

    All empty: the name exists and has nothing of these kinds.
    """

    addresses: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    alias: str = ""


def resolve(store: Store, name: str) -> Found | None:
    """What the cluster knows of ``name`` (any case, with or without the last dot); None: no such name.

    Names outside of the cluster's domain do not exist: the lab has no way out to ask for them.
    """
    labels = tuple(name.lower().rstrip(".").split("."))
    if labels[-len(_SUFFIX) :] != _SUFFIX:
        return None
    found: Found | None = None
    match labels[: -len(_SUFFIX)]:
        case () | ("svc",) | ("pod",):
            found = Found()
        case (namespace, "svc" | "pod"):
            found = Found() if store.find("namespaces", "", namespace) is not None else None
        case (service, namespace, "svc"):
            found = _service(store, namespace, service)
        case (endpoint, service, namespace, "svc"):
            found = _endpoint(store, namespace, service, endpoint)
        case (port, protocol, service, namespace, "svc") if port[:1] == protocol[:1] == "_":
            found = _port(store, namespace, service, port[1:], protocol[1:])
        case (address, _, "pod"):
            found = _pod(address)
        case _:
            pass
    return found


def _service(store: Store, namespace: str, name: str) -> Found | None:
    service = store.find("services", namespace, name)
    if service is None:
        return None
    spec = service["spec"]
    if spec.get("type") == "ExternalName":
        return Found(alias=str(spec["externalName"]))
    if _is_headless(service):
        endpoints = _ready_endpoints(store, namespace, name)
        addresses = tuple(address for endpoint, _ in endpoints for address in endpoint["addresses"])
        return Found(addresses=tuple(dict.fromkeys(addresses))) if addresses else None
    return Found(addresses=(spec["clusterIP"],))


def _endpoint(store: Store, namespace: str, service: str, wanted: str) -> Found | None:
    """``wanted`` is an endpoint's host name, or its address with dashes when it has none."""
    addresses = tuple(
        address
        for endpoint, _ in _ready_endpoints(store, namespace, service)
        for address in endpoint["addresses"]
        if _label_of(endpoint, address) == wanted
    )
    return Found(addresses=tuple(dict.fromkeys(addresses))) if addresses else None


def _port(store: Store, namespace: str, name: str, port: str, protocol: str) -> Found | None:
    service = store.find("services", namespace, name)
    if service is None:
        return None
    base = f"{name}.{namespace}.svc.{CLUSTER_DOMAIN}"
    ports: list[Port] = []
    if _is_headless(service):
        for endpoint, endpoint_ports in _ready_endpoints(store, namespace, name):
            for one in endpoint_ports:
                if _is(one, port, protocol):
                    ports += (
                        Port(port=one["port"], target=f"{_label_of(endpoint, address)}.{base}")
                        for address in endpoint["addresses"]
                    )
    else:
        ports = [
            Port(port=one["port"], target=base)
            for one in service["spec"].get("ports") or ()
            if _is(one, port, protocol)
        ]
    return Found(ports=tuple(ports)) if ports else None


def _pod(label: str) -> Found | None:
    """``10-244-0-2`` means that address, as in CoreDNS's ``pods insecure``."""
    try:
        return Found(addresses=(str(ipaddress.IPv4Address(label.replace("-", "."))),))
    except ValueError:
        return None


def _ready_endpoints(store: Store, namespace: str, service: str) -> Iterator[tuple[Object, list[Object]]]:
    for piece in store.list("endpointslices", namespace):
        if (piece["metadata"].get("labels") or {}).get("kubernetes.io/service-name") == service:
            for endpoint in piece.get("endpoints") or ():
                if (endpoint.get("conditions") or {}).get("ready", True):
                    yield endpoint, piece.get("ports") or []


def _is_headless(service: Object) -> bool:
    return service["spec"].get("clusterIP") in {None, "", "None"}


def _is(port: dict[str, Any], name: str, protocol: str) -> bool:
    return bool(port.get("name", "") == name and port.get("protocol", "TCP").lower() == protocol)


def _label_of(endpoint: Object, address: str) -> str:
    return str(endpoint.get("hostname") or address.replace(".", "-"))
