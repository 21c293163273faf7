"""The objects of a simulated cluster, and the controllers that make pods of workloads at once."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netprobe.cluster.port import Body, ObjectRef
from netprobe.cluster.providers.simulation.bodies import (
    Object,
    dns_bodies,
    labels_of,
    node_body,
    reference_to,
    selects,
)
from netprobe.errors import Refused

_WORKLOADS = ("Deployment", "ReplicaSet", "DaemonSet")
ADMIN_POLICIES = ("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy")
"""The kinds of cluster-wide policies."""

_CLUSTER_SCOPED = ("Namespace", "Node", *ADMIN_POLICIES)
DNS_ADDRESS = "10.96.0.10"
CREATED = "2026-01-01T00:00:00Z"


class Objects:
    """Objects by kind, namespace and name. Every change leaves the pods as controllers would."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._table: dict[tuple[str, str, str], Object] = {}
        self._numbers = itertools.count(1)
        self._version = 0
        self._nodes = tuple(nodes)
        for index, node in enumerate(self._nodes):
            self._put(node_body(node, f"172.30.0.{index + 2}"))
        for namespace in ("default", "kube-system"):
            self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
        for body in dns_bodies(DNS_ADDRESS):
            self.apply(body)

    @property
    def version(self) -> int:
        """A number that grows with every change."""
        return self._version

    def apply(self, body: Body) -> None:
        """Create or replace; raises Refused when the namespace is not there."""
        new: Object = copy.deepcopy(dict(body))
        ref = reference_to(new)
        if ref.kind not in _CLUSTER_SCOPED and ("Namespace", "", ref.namespace) not in self._table:
            raise Refused(f'namespaces "{ref.namespace}" not found', status=404, reason="NotFound")
        if ref.kind == "Namespace":
            labels = new["metadata"].setdefault("labels", {})
            labels["kubernetes.io/metadata.name"] = ref.name
        if ref.kind == "Service" and "clusterIP" not in new.setdefault("spec", {}):
            address = self._service_address(ref)
            new["spec"] |= {"clusterIP": address, "clusterIPs": [address]}
        if ref.kind == "Pod":
            self._schedule(new)
        self._put(new)
        self._reconcile()

    def delete(self, ref: ObjectRef) -> bool:
        """Take an object out (a namespace with all in it); whether it was there."""
        if ref.kind == "Namespace":
            for key in [key for key in self._table if key[1] == ref.name]:
                del self._table[key]
        found = self._table.pop((ref.kind, ref.namespace, ref.name), None)
        self._version = next(self._numbers)
        self._reconcile()
        return found is not None

    def get(self, kind: str, namespace: str, name: str) -> Object | None:
        """One object (not to be changed), or None."""
        return self._table.get((kind, namespace, name))

    def list(self, kind: str, namespaces: Iterable[str] | None = None) -> tuple[Object, ...]:
        """The objects of a kind (of some namespaces), by namespace and name; not to be changed."""
        wanted = None if namespaces is None else set(namespaces)
        keys = sorted(key for key in self._table if key[0] == kind and (wanted is None or key[1] in wanted))
        return tuple(self._table[key] for key in keys)

    def admin_policies(self) -> tuple[Object, ...]:
        """The cluster-wide policies; not to be changed."""
        return tuple(body for kind in ADMIN_POLICIES for body in self.list(kind))

    def change_labels(self, ref: ObjectRef, labels: Mapping[str, str | None]) -> None:
        """Merge labels; None removes one. Raises Refused when there is no such object."""
        body = copy.deepcopy(self._existing(ref))
        merged: dict[str, str | None] = {**labels_of(body), **labels}
        body["metadata"]["labels"] = {key: value for key, value in merged.items() if value is not None}
        self._put(body)

    def change_replicas(self, ref: ObjectRef, replicas: int) -> None:
        """Set spec.replicas. Raises Refused when there is no such object."""
        body = copy.deepcopy(self._existing(ref))
        body["spec"]["replicas"] = replicas
        self._put(body)
        self._reconcile()

    def restart_containers(self, workload: str) -> None:
        """Count one more restart of the containers of a workload's pods."""
        for pod in self.list("Pod"):
            if workload_of(pod) == workload:
                changed = copy.deepcopy(pod)
                for status in changed["status"]["containerStatuses"]:
                    status["restartCount"] += 1
                self._put(changed)

    def _existing(self, ref: ObjectRef) -> Object:
        body = self._table.get((ref.kind, ref.namespace, ref.name))
        if body is None:
            raise Refused(f"{ref} not found", status=404, reason="NotFound")
        return body

    def _put(self, body: Object) -> None:
        ref = reference_to(body)
        key = (ref.kind, ref.namespace if ref.kind not in _CLUSTER_SCOPED else "", ref.name)
        old = self._table.get(key)
        metadata = body["metadata"]
        metadata.setdefault("uid", (old or body)["metadata"].get("uid") or f"uid-{next(self._numbers)}")
        metadata.setdefault("creationTimestamp", CREATED)
        self._version = next(self._numbers)
        metadata["resourceVersion"] = str(self._version)
        self._table[key] = body

    def _service_address(self, ref: ObjectRef) -> str:
        old = self._table.get((ref.kind, ref.namespace, ref.name))
        if old is not None:
            return str(old["spec"]["clusterIP"])
        number = next(self._numbers)
        return f"10.96.{number // 250 + 1}.{number % 250 + 1}"

    def _reconcile(self) -> None:
        for kind in _WORKLOADS:
            for workload in self.list(kind):
                self._reconcile_workload(workload)
        owners = {owner["metadata"]["uid"] for kind in _WORKLOADS for owner in self.list(kind)}
        for pod in self.list("Pod"):
            owner = next(iter(pod["metadata"].get("ownerReferences", ())), None)
            if owner is not None and owner["uid"] not in owners:
                self._remove(pod)

    def _reconcile_workload(self, workload: Object) -> None:
        ref, uid = reference_to(workload), workload["metadata"]["uid"]
        pods = [
            pod
            for pod in self.list("Pod", [ref.namespace])
            if any(owner["uid"] == uid for owner in pod["metadata"].get("ownerReferences", ()))
        ]
        if ref.kind == "DaemonSet":
            taken = {pod["spec"]["nodeName"] for pod in pods}
            for node in self._nodes:
                if node not in taken:
                    self._make_pod(workload, node)
            return
        wanted = int(workload["spec"].get("replicas", 1))
        for pod in pods[wanted:]:
            self._remove(pod)
        for _ in range(wanted - len(pods)):
            self._make_pod(workload, "")

    def _remove(self, pod: Object) -> None:
        del self._table["Pod", pod["metadata"]["namespace"], pod["metadata"]["name"]]

    def _make_pod(self, workload: Object, node: str) -> None:
        ref, template = reference_to(workload), copy.deepcopy(workload["spec"]["template"])
        number = next(self._numbers)
        owner = {
            "apiVersion": ref.api_version,
            "kind": ref.kind,
            "name": ref.name,
            "uid": workload["metadata"]["uid"],
            "controller": True,
        }
        metadata = {
            **template.get("metadata", {}),
            "name": f"{ref.name}-{number:05d}",
            "namespace": ref.namespace,
            "ownerReferences": [owner],
        }
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
        self._schedule(pod, node)
        self._put(pod)

    def _schedule(self, pod: Object, node: str = "") -> None:
        number = next(self._numbers)
        spec = pod["spec"]
        wanted = node or (spec.get("nodeSelector") or {}).get("kubernetes.io/hostname", "")
        spec["nodeName"] = wanted or self._nodes[len(self.list("Pod")) % len(self._nodes)]
        position = self._nodes.index(spec["nodeName"])
        address = f"10.{244 + position}.{number // 250 % 250}.{number % 250 + 2}"
        names = [container["name"] for container in spec["containers"]]
        pod["status"] = {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "hostIP": f"172.30.0.{position + 2}",
            "startTime": CREATED,
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [
                {"name": name, "ready": True, "restartCount": 0, "state": {"running": {}}} for name in names
            ],
        }


def workload_of(pod: Mapping[str, Any]) -> str:
    """The workload of a pod: its ``netprobe.io/workload`` label, else its owner's name, else its own."""
    metadata = pod["metadata"]
    owner = next(iter(metadata.get("ownerReferences", ())), None)
    label = labels_of(pod).get("netprobe.io/workload")
    return str(label or (owner["name"] if owner else metadata["name"]))


def endpoint_slices(objects: Objects, services: Iterable[Object]) -> tuple[Object, ...]:
    """The EndpointSlices of Services with a selector, one per Service, from the pods as they are."""
    slices = []
    for service in services:
        metadata, spec = service["metadata"], service["spec"]
        pods = [
            pod
            for pod in objects.list("Pod", [metadata["namespace"]])
            if selects(spec.get("selector"), labels_of(pod))
        ]
        ports = [
            {
                "name": port.get("name", ""),
                "protocol": port.get("protocol", "TCP"),
                "port": target_port(port, pods[0]) if pods else None,
            }
            for port in spec.get("ports", ())
        ]
        slices.append(
            {
                "apiVersion": "discovery.k8s.io/v1",
                "kind": "EndpointSlice",
                "metadata": {
                    "name": f"{metadata['name']}-1",
                    "namespace": metadata["namespace"],
                    "labels": {"kubernetes.io/service-name": metadata["name"]},
                },
                "addressType": "IPv4",
                "ports": [port for port in ports if port["port"] is not None],
                "endpoints": [_endpoint(pod) for pod in pods],
            }
        )
    return tuple(slices)


def target_port(service_port: Mapping[str, Any], pod: Mapping[str, Any]) -> int | None:
    """The pod's port behind a Service port: a number, or the container port of that name, if any."""
    target = service_port.get("targetPort", service_port["port"])
    if isinstance(target, int):
        return target
    named = (
        port["containerPort"]
        for container in pod["spec"]["containers"]
        for port in container.get("ports", ())
        if port.get("name") == target and port.get("protocol", "TCP") == service_port.get("protocol", "TCP")
    )
    return next((int(port) for port in named), None)


def _endpoint(pod: Object) -> Object:
    metadata = pod["metadata"]
    return {
        "addresses": [pod["status"]["podIP"]],
        "conditions": {"ready": True, "serving": True, "terminating": False},
        "nodeName": pod["spec"]["nodeName"],
        "targetRef": {
            "kind": "Pod",
            "namespace": metadata["namespace"],
            "name": metadata["name"],
            "uid": metadata["uid"],
        },
    }
