"""Services and EndpointSlices."""

from __future__ import annotations

from netprobe.manifests.cursor import Cursor
from netprobe.manifests.inventory.records import Endpoint, Slice, WrittenService
from netprobe.manifests.metadata import decode_labels, decode_metadata
from netprobe.manifests.names import wrong_dns_label
from netprobe.manifests.service import decode_service_ports

_OWNER = "kubernetes.io/service-name"
_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
_FAMILIES = {"IPv4": 4, "IPv6": 6}


def decode_service(top: Cursor, default_namespace: str) -> WrittenService | None:
    """Read a Service of any type."""
    # Newer API servers let the name of a Service begin with a digit.
    metadata = decode_metadata(top, wrong_dns_label)
    spec = top.mapping("spec", required=True)
    if metadata is None or spec is None:
        return None
    kind = _type(spec)
    one = spec.text("clusterIP") or ""
    several = spec.strings("clusterIPs") or ((one,) if one else ())
    headless = "None" in (one, *several)
    ports = decode_service_ports(spec)
    if not ports and not headless and kind != "ExternalName":
        spec.complain("a Service needs at least one port", key="ports")
    return WrittenService(
        namespace=metadata.namespace or default_namespace,
        name=metadata.name,
        cluster_ips=() if headless else several,
        families=tuple(_FAMILIES[f] for f in spec.strings("ipFamilies") or () if f in _FAMILIES),
        ports=ports,
        selector=decode_labels(spec, "selector") or None,
        headless=headless,
        external_name=_external_name(spec) if kind == "ExternalName" else "",
        also_unready=bool(spec.flag("publishNotReadyAddresses")),
        labels=metadata.labels,
        place=top.place,
    )


def decode_slice(top: Cursor, default_namespace: str) -> Slice | None:
    """Read an EndpointSlice; None, without a problem, for one that belongs to no Service."""
    metadata = decode_metadata(top)
    if metadata is None:
        return None
    endpoints = [_endpoint(item) for item in top.items("endpoints") or () if item.is_mapping()]
    ports = {}
    for item in top.items("ports") or ():
        number = item.number("port") if item.is_mapping() else None
        if number is not None:
            ports[item.text("name") or ""] = number
    owner = metadata.labels.get(_OWNER)
    if not owner:
        return None
    return Slice(
        namespace=metadata.namespace or default_namespace,
        name=metadata.name,
        service=owner,
        endpoints=tuple(endpoint for endpoint in endpoints if endpoint is not None),
        ports=ports,
        place=top.place,
    )


def _endpoint(item: Cursor) -> Endpoint | None:
    conditions = item.mapping("conditions")
    reference = item.mapping("targetRef")
    is_pod = reference is not None and reference.text("kind") == "Pod"
    addresses = item.strings("addresses", required=True)
    if not addresses:
        return None
    return Endpoint(
        # Of several addresses only the first is used: they are one endpoint (API reference).
        address=addresses[0],
        # The API reference: consumers should take an unknown "ready" for true.
        ready=conditions is None or conditions.flag("ready") is not False,
        pod=(reference.text("name") or "") if reference is not None and is_pod else "",
    )


def _type(spec: Cursor) -> str:
    kind = spec.text("type") or "ClusterIP"
    if kind not in _TYPES:
        spec.complain(f'"{kind}" is not one of {", ".join(_TYPES)}', key="type")
    return kind


def _external_name(spec: Cursor) -> str:
    return spec.text("externalName", required=True) or ""
