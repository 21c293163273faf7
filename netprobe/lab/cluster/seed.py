"""The objects that a lab starts with: system namespaces, nodes, the API's Service and DNS."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.api.discovery import VERSION
from netprobe.lab.store.objects import Object

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
DNS_ADDRESS = "10.96.0.10"
API_ADDRESS = "10.96.0.1"
DNS_LABELS = {"k8s-app": "kube-dns"}
AGNHOST_IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.53"
"""Of the images that the lab takes for its own (agnhost from any registry, of any tag), the one it lists."""

DNS_IMAGE = "registry.k8s.io/coredns/coredns:v1.12.1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """An object and the plural resource name that the store keeps it under."""

    resource: str
    body: Object


@dataclass(frozen=True, kw_only=True, slots=True)
class NodePlace:
    """A node: its name, its address and the network of its pods."""

    name: str
    address: str
    pod_cidr: str


def system_objects(nodes: Iterable[NodePlace], *, now: str) -> Iterator[Placed]:
    """Every object that the lab starts with, undefaulted ones left to the API's defaulting."""
    for name in NAMESPACES:
        yield Placed(resource="namespaces", body=_object("v1", "Namespace", name))
    for node in nodes:
        yield Placed(resource="nodes", body=node_object(node, now=now))
    yield Placed(resource="services", body=_api_service())
    yield Placed(resource="services", body=_dns_service())
    yield Placed(resource="deployments", body=_dns_deployment())


def node_object(node: NodePlace, *, now: str) -> Object:
    """A Ready Node as its kubelet would register it."""
    name = node.name
    labels = {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
    }
    conditions = [
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ]
    room = {"cpu": "4", "memory": "8Gi", "pods": "250"}
    return {
        **_object("v1", "Node", name, labels=labels),
        "spec": {"podCIDR": node.pod_cidr, "podCIDRs": [node.pod_cidr]},
        "status": {
            "capacity": room,
            "allocatable": room,
            "conditions": [condition(*each, now=now) for each in conditions],
            "addresses": [
                {"type": "InternalIP", "address": node.address},
                {"type": "Hostname", "address": name},
            ],
            "nodeInfo": {
                # The machine that the lab runs on is nobody's business: these are the node's own.
                **dict.fromkeys(("machineID", "systemUUID", "bootID"), name),
                "kernelVersion": platform.release(),
                "kubeletVersion": VERSION["gitVersion"],
                "kubeProxyVersion": "",
                "containerRuntimeVersion": "netprobe-lab://1",
                "operatingSystem": "linux",
                "architecture": "amd64",
                "osImage": "netprobe lab",
            },
            "images": [{"names": [name], "sizeBytes": 0} for name in (AGNHOST_IMAGE, DNS_IMAGE)],
        },
    }


def condition(kind: str, status: str, reason: str, message: str, *, now: str) -> dict[str, str]:
    """A node condition."""
    return {
        "type": kind,
        "status": status,
        "lastHeartbeatTime": now,
        "lastTransitionTime": now,
        "reason": reason,
        "message": message,
    }


def _object(
    api_version: str, kind: str, name: str, *, namespace: str = "", labels: Mapping[str, str] | None = None
) -> Object:
    meta: dict[str, Any] = {"name": name}
    if namespace:
        meta["namespace"] = namespace
    if labels:
        meta["labels"] = dict(labels)
    return {"kind": kind, "apiVersion": api_version, "metadata": meta}


def _api_service() -> Object:
    """The Service of the API. It has no endpoints: the API is on the host, which no pod can reach."""
    labels = {"component": "apiserver", "provider": "kubernetes"}
    return {
        **_object("v1", "Service", "kubernetes", namespace="default", labels=labels),
        "spec": {
            "clusterIP": API_ADDRESS,
            "ports": [{"name": "https", "protocol": "TCP", "port": 443, "targetPort": 6443}],
        },
    }


def _dns_service() -> Object:
    labels = {**DNS_LABELS, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"}
    return {
        **_object("v1", "Service", "kube-dns", namespace="kube-system", labels=labels),
        "spec": {
            "clusterIP": DNS_ADDRESS,
            "selector": dict(DNS_LABELS),
            "ports": [
                {"name": "dns", "protocol": "UDP", "port": 53, "targetPort": 53},
                {"name": "dns-tcp", "protocol": "TCP", "port": 53, "targetPort": 53},
            ],
        },
    }


def _dns_deployment() -> Object:
    container = {
        "name": "coredns",
        "image": DNS_IMAGE,
        "ports": [
            {"name": "dns", "protocol": "UDP", "containerPort": 53},
            {"name": "dns-tcp", "protocol": "TCP", "containerPort": 53},
        ],
    }
    return {
        **_object("apps/v1", "Deployment", "coredns", namespace="kube-system", labels=DNS_LABELS),
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": dict(DNS_LABELS)},
            "template": {
                "metadata": {"labels": dict(DNS_LABELS)},
                "spec": {"dnsPolicy": "Default", "containers": [container]},
            },
        },
    }
