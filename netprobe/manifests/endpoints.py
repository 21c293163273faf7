"""Services with their ready endpoints, from plain Service and EndpointSlice objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netprobe.model.protocol import Protocol
from netprobe.model.topology import Backend, Service, ServicePort

Body = Mapping[str, Any]

_SERVICE_NAME = "kubernetes.io/service-name"


class Endpoints:
    """The EndpointSlices of each Service."""

    def __init__(self, slices: Iterable[Body]) -> None:
        """``slices`` may be of any namespaces, in any order."""
        self._slices: dict[tuple[str, str], list[Body]] = defaultdict(list)
        for body in slices:
            metadata = body["metadata"]
            owner = (metadata.get("labels") or {}).get(_SERVICE_NAME)
            if owner:
                self._slices[(metadata["namespace"], owner)].append(body)

    def of(self, namespace: str, service: str) -> Iterator[tuple[Body, Body]]:
        """Yield (slice, endpoint) for each ready endpoint of the Service."""
        slices = self._slices.get((namespace, service), ())
        for body in sorted(slices, key=lambda found: str(found["metadata"].get("name"))):
            for endpoint in body.get("endpoints") or ():
                # The API reference: consumers should take an unknown "ready" for true.
                if (endpoint.get("conditions") or {}).get("ready") is not False:
                    yield body, endpoint


def read_service(body: Body, endpoints: Endpoints) -> Service:
    """Return the Service with one backend for each port and ready endpoint."""
    metadata, spec = body["metadata"], body.get("spec") or {}
    namespace, name = metadata["namespace"], metadata["name"]
    ports = tuple(_port(port) for port in spec.get("ports") or ())
    one = spec.get("clusterIP")
    headless = one == "None"
    addresses = tuple(spec.get("clusterIPs") or ((one,) if one else ()))
    selector = spec.get("selector")
    return Service(
        namespace=namespace,
        name=name,
        cluster_ips=() if headless else addresses,
        ports=ports,
        selector=None if selector is None else dict(selector),
        backends=tuple(_backends(ports, endpoints.of(namespace, name))),
        headless=headless,
    )


def _port(port: Body) -> ServicePort:
    number = port["port"]
    return ServicePort(
        port=number,
        protocol=Protocol(port.get("protocol") or "TCP"),
        target=port.get("targetPort") or number,
        name=port.get("name") or "",
        node_port=port.get("nodePort") or 0,
    )


def _backends(ports: tuple[ServicePort, ...], endpoints: Iterable[tuple[Body, Body]]) -> Iterator[Backend]:
    by_name = {port.name: port for port in ports}
    for body, endpoint in endpoints:
        for target in body.get("ports") or ():
            port = by_name.get(target.get("name") or "")
            if port is None or target.get("port") is None:
                continue
            reference = endpoint.get("targetRef") or {}
            yield Backend(
                service_port=port.port,
                protocol=port.protocol,
                # Of several addresses only the first is used: they are one endpoint (API reference).
                address=endpoint["addresses"][0],
                port=target["port"],
                pod=reference.get("name", "") if reference.get("kind") == "Pod" else "",
            )
