"""Rules for Services."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from netprobe.lab.api.status_errors import Cause
from netprobe.lab.api.validation.causes import duplicate, invalid_value, required, unsupported
from netprobe.lab.api.validation.names import dns_label_causes, labels_causes
from netprobe.lab.api.validation.ports import number_causes, number_or_name_causes, protocol_causes

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")


def service_causes(
    service: Mapping[str, Any], *, cluster_range: ipaddress.IPv4Network, taken: Collection[str]
) -> Iterator[Cause]:
    """Check a Service; ``taken`` are the cluster addresses of the others."""
    spec = service["spec"]
    ports = spec.get("ports", ())
    if not ports and spec["type"] != "ExternalName" and spec.get("clusterIP") != "None":
        yield required("spec.ports")
    if spec["type"] not in TYPES:
        yield unsupported("spec.type", spec["type"], TYPES)
    if spec["type"] == "ExternalName" and not spec.get("externalName"):
        yield required("spec.externalName")
    names: set[str] = set()
    numbers: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        here = f"spec.ports[{index}]"
        yield from _port_causes(here, port, several=len(ports) > 1)
        if port.get("name") and port["name"] in names:
            yield duplicate(f"{here}.name", port["name"])
        key = (port["protocol"], port.get("port", 0))
        if key in numbers:
            yield duplicate(here, {"protocol": key[0], "port": key[1]})
        names.add(port.get("name", ""))
        numbers.add(key)
    yield from labels_causes("spec.selector", spec.get("selector", {}))
    yield from _address_causes(spec.get("clusterIP", "None"), cluster_range, taken)


def service_change_causes(service: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[Cause]:
    """Check an update: a cluster address, once set, stays."""
    before, after = old["spec"].get("clusterIP"), service["spec"].get("clusterIP")
    if before and after and before != after:
        yield invalid_value("spec.clusterIPs[0]", [after], "may not change once set")


def _port_causes(field: str, port: Mapping[str, Any], *, several: bool) -> Iterator[Cause]:
    if port.get("name"):
        yield from dns_label_causes(f"{field}.name", port["name"])
    elif several:
        yield required(f"{field}.name")
    yield from number_causes(f"{field}.port", port.get("port", 0))
    yield from protocol_causes(f"{field}.protocol", port["protocol"])
    if "targetPort" in port:
        yield from number_or_name_causes(f"{field}.targetPort", port["targetPort"])


def _address_causes(
    address: str, cluster_range: ipaddress.IPv4Network, taken: Collection[str]
) -> Iterator[Cause]:
    if address == "None":
        return
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        why = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
        yield invalid_value("spec.clusterIPs[0]", address, why)
        return
    if parsed not in cluster_range:
        why = (
            f"failed to allocate IP {address}: the provided IP ({address}) is not in the valid range. "
            f"The range of valid IPs is {cluster_range}"
        )
        yield invalid_value("spec.clusterIPs", [address], why)
    elif address in taken:
        why = f"failed to allocate IP {address}: provided IP is already allocated"
        yield invalid_value("spec.clusterIPs", [address], why)
