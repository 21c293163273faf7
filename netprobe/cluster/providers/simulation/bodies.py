"""Reading plain Kubernetes objects by path, and the few that a simulated cluster has from the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netprobe.cluster.port import ObjectRef

Object = dict[str, Any]


def reference_to(body: Mapping[str, Any]) -> ObjectRef:
    """The reference of an object."""
    metadata = body.get("metadata") or {}
    return ObjectRef(
        api_version=str(body.get("apiVersion", "")),
        kind=str(body.get("kind", "")),
        name=str(metadata.get("name", "")),
        namespace=str(metadata.get("namespace") or ""),
    )


def labels_of(body: Mapping[str, Any]) -> dict[str, str]:
    """metadata.labels, empty when absent."""
    return dict((body.get("metadata") or {}).get("labels") or {})


def selects(match_labels: Mapping[str, str] | None, labels: Mapping[str, str]) -> bool:
    """Whether equality-based labels all match (nothing selects nothing)."""
    return bool(match_labels) and all(labels.get(key) == value for key, value in (match_labels or {}).items())


def node_body(name: str, address: str) -> Object:
    """A ready node."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}},
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": address},
                {"type": "Hostname", "address": name},
            ],
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }


def dns_bodies(cluster_ip: str) -> tuple[Object, ...]:
    """The cluster's DNS: a Deployment of two nameservers and its Service."""
    labels = {"k8s-app": "kube-dns"}
    ports = [
        {"name": "dns", "containerPort": 53, "protocol": "UDP"},
        {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
    ]
    metadata = {"name": "coredns", "namespace": "kube-system", "labels": labels}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "coredns", "image": "coredns", "ports": ports}]},
            },
        },
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "kube-dns", "namespace": "kube-system", "labels": labels},
        "spec": {
            "clusterIP": cluster_ip,
            "clusterIPs": [cluster_ip],
            "selector": labels,
            "ports": [
                {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
                {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
            ],
        },
    }
    return deployment, service
