"""netprobe's own pods: on every node that hosts scenario pods a control and a sentinel, at times a server.

The controls dial one another, so that silence between two nodes can be told from a policy. The
sentinels are what netprobe's own policy closes and opens, to see when a write takes effect. The server
is what an ipBlock of netprobe's own admits one of them to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netprobe.cluster.port import Body, ObjectRef
from netprobe.model.topology import Pod
from netprobe.runner.site import CONTROL_ROLE, Site
from netprobe.runner.snapshot import Snapshot
from netprobe.scenario.dressing import dress, dress_namespace

CONTROL = "control"
SENTINEL = "sentinel"
CALIBRATION = "calibration"
SERVER_PORT = 61080
"""Where all of them serve."""


class Controls:
    """The control pods of one snapshot, by node."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._pods: dict[tuple[str, str], Pod] = {}
        for pod in snapshot.controls:
            if pod.ips and pod.phase == "Running":
                self._pods[pod.labels.get(CONTROL_ROLE, ""), pod.node] = pod

    def control(self, node: str) -> Pod | None:
        """The control on a node, None when there is none."""
        return self._pods.get((CONTROL, node))

    def sentinel(self, node: str) -> Pod | None:
        """The sentinel on a node, None when there is none."""
        return self._pods.get((SENTINEL, node))

    def calibration(self) -> Pod | None:
        """The server for the calibration, None when there is none."""
        return next((pod for (role, _), pod in self._pods.items() if role == CALIBRATION), None)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that have a control."""
        return tuple(sorted(node for role, node in self._pods if role == CONTROL))

    def clients(self) -> tuple[Pod, ...]:
        """The pods that need a session."""
        return tuple(pod for (role, _), pod in sorted(self._pods.items()) if role == CONTROL)


def control_namespace(site: Site) -> Body:
    """The control namespace."""
    body = {"metadata": {"name": site.control_namespace}}
    return dress_namespace(body, run_labels=site.run_labels, annotations=site.annotations)


def control_objects(site: Site, nodes: Mapping[int, str]) -> tuple[Body, ...]:
    """A control and a sentinel for each node, under the number that the run gives to the node."""
    return tuple(
        _deployment(site, role, number, node)
        for number, node in sorted(nodes.items())
        for role in (CONTROL, SENTINEL)
    )


def calibration_objects(site: Site, node: str) -> tuple[Body, ...]:
    """The server for the calibration, on a node that has a control and a sentinel."""
    return (_deployment(site, CALIBRATION, 0, node),)


def sentinel_policy(site: Site) -> Body:
    """The deny policy that closes the sentinels."""
    return _policy(site, SENTINEL, [])


def calibration_policy(site: Site, cidr: str) -> Body:
    """The policy that admits to the calibration's server whatever the block ``cidr`` means, nothing else."""
    return _policy(site, CALIBRATION, [{"from": [{"ipBlock": {"cidr": cidr}}]}])


def sentinel_policy_ref(site: Site) -> ObjectRef:
    """The reference of that policy."""
    return ObjectRef(
        api_version="networking.k8s.io/v1",
        kind="NetworkPolicy",
        name=SENTINEL,
        namespace=site.control_namespace,
    )


def hosting_nodes(pods: Iterable[Pod]) -> tuple[str, ...]:
    """The nodes that host these pods, sorted."""
    return tuple(sorted({pod.node for pod in pods if pod.node}))


def _policy(site: Site, role: str, ingress: list[dict[str, Any]]) -> Body:
    spec = {"podSelector": {"matchLabels": {CONTROL_ROLE: role}}, "policyTypes": ["Ingress"]}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {
            "name": role,
            "namespace": site.control_namespace,
            "labels": dict(site.run_labels),
            "annotations": dict(site.annotations),
        },
        "spec": {**spec, "ingress": ingress} if ingress else spec,
    }


def _deployment(site: Site, role: str, number: int, node: str) -> Body:
    labels = {CONTROL_ROLE: role}
    pod: dict[str, Any] = {
        "nodeSelector": {"kubernetes.io/hostname": node},
        # A node that took the scenario's pods must take these, whatever its taints.
        "tolerations": [{"operator": "Exists"}],
        "containers": [{"name": "server", "ports": [{"containerPort": SERVER_PORT}]}],
    }
    name = f"{role}-{number}"
    body = {
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": site.control_namespace, "labels": labels},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {CONTROL_ROLE: role, "netprobe.io/workload": name}},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }
    return dress(body, image=site.options.image, run_labels=site.run_labels, annotations=site.annotations)
