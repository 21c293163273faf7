"""The kinds of objects that decide something about flows."""

from __future__ import annotations

from collections.abc import Mapping

CONTROLLERS: Mapping[str, str] = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "ReplicaSet": "apps/v1",
    "ReplicationController": "v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
}
"""Kinds that make pods, with the apiVersion of each."""

ADMIN_POLICIES: Mapping[str, str] = {
    "AdminNetworkPolicy": "policy.networking.k8s.io/v1alpha1",
    "BaselineAdminNetworkPolicy": "policy.networking.k8s.io/v1alpha1",
    "ClusterNetworkPolicy": "policy.networking.k8s.io/v1alpha2",
}
"""Kinds of cluster-wide policies, with the apiVersion of each."""

API_VERSIONS: Mapping[str, str] = {
    **CONTROLLERS,
    **ADMIN_POLICIES,
    "Namespace": "v1",
    "Node": "v1",
    "Pod": "v1",
    "Service": "v1",
    "EndpointSlice": "discovery.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
}
"""All of them, with the apiVersion of each."""

CLUSTER_SCOPED = frozenset(("Namespace", "Node", *ADMIN_POLICIES))
"""Those that are in no namespace."""
