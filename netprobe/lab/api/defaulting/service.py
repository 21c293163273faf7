"""Defaults of a Service, with its cluster address and node ports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def default_service(service: dict[str, Any], *, new_address: Callable[[], str]) -> None:
    """Fill in type, ports, affinity, IP families and, unless headless or external, the cluster IP."""
    spec = service["spec"]
    spec.setdefault("type", "ClusterIP")
    spec.setdefault("sessionAffinity", "None")
    for port in spec.get("ports", ()):
        port.setdefault("protocol", "TCP")
        if not port.get("targetPort") and "port" in port:
            port["targetPort"] = port["port"]
    if spec["type"] == "ExternalName":
        return
    if "clusterIP" not in spec:
        spec["clusterIP"] = new_address()
    spec["clusterIPs"] = [spec["clusterIP"]]
    spec.setdefault("ipFamilies", ["IPv4"])
    spec.setdefault("ipFamilyPolicy", "SingleStack")
    spec.setdefault("internalTrafficPolicy", "Cluster")
    if spec["type"] in {"NodePort", "LoadBalancer"}:
        spec.setdefault("externalTrafficPolicy", "Cluster")
    service.setdefault("status", {"loadBalancer": {}})


def keep_addresses(service: dict[str, Any], old: dict[str, Any]) -> None:
    """Carry the cluster address and the node ports of ``old`` over where an update leaves them out."""
    spec, before = service["spec"], old["spec"]
    if spec.get("type", "ClusterIP") == "ExternalName" or before["type"] == "ExternalName":
        return
    spec.setdefault("clusterIP", before["clusterIP"])
    if spec.get("type") not in {"NodePort", "LoadBalancer"}:
        return
    ports = {(p["protocol"], p["port"]): p["nodePort"] for p in before.get("ports", ()) if "nodePort" in p}
    for port in spec.get("ports", ()):
        kept = ports.get((port.get("protocol", "TCP"), port["port"]))
        if kept is not None:
            port.setdefault("nodePort", kept)


def assign_node_ports(service: dict[str, Any], *, new_port: Callable[[], int]) -> None:
    """Give every port of a NodePort or LoadBalancer Service its node port."""
    if service["spec"]["type"] in {"NodePort", "LoadBalancer"}:
        for port in service["spec"].get("ports", ()):
            if "nodePort" not in port:
                port["nodePort"] = new_port()
