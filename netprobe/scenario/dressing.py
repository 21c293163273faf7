"""The author's workloads dressed for a run: the same to a policy, harmless to the cluster.

Labels, ports, names of ports and what decides scheduling stay; images, commands, volumes, probes
and everything else that a real application brings are replaced by netprobe's server. The result
meets Pod Security "restricted".
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from netprobe.errors import InputError
from netprobe.manifests.topology import WORKLOAD_LABEL
from netprobe.scenario.containers import server_containers
from netprobe.scenario.first_dials import first_container, first_dial_of

DEFAULT_IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.53"
USER = 65532

BARE = "netprobe.io/bare"
"""The annotation of a Pod that is to stay one: no controller makes it, and none makes it again."""

_POD_LABELS = {"sidecar.istio.io/inject": "false", "istio.io/dataplane-mode": "none"}
_POD_ANNOTATIONS = {"linkerd.io/inject": "disabled"}
_KEPT_ANNOTATIONS = ("kubernetes.io/ingress-bandwidth", "kubernetes.io/egress-bandwidth")
"""What authors may ask of the pod's network."""

_KEPT_OF_POD = (
    "tolerations",
    "nodeSelector",
    "nodeName",
    "affinity",
    "topologySpreadConstraints",
    "dnsPolicy",
    "dnsConfig",
    "runtimeClassName",
)
_DROPPED_OF_SERVICE = (
    "externalIPs",
    "externalTrafficPolicy",
    "healthCheckNodePort",
    "loadBalancerClass",
    "loadBalancerIP",
    "loadBalancerSourceRanges",
    "allocateLoadBalancerNodePorts",
)
_UNPRIVILEGED_FROM = 1024


def dress(
    body: Mapping[str, object],
    *,
    image: str = DEFAULT_IMAGE,
    run_labels: Mapping[str, str],
    annotations: Mapping[str, str],
) -> dict[str, Any]:
    """A Deployment, DaemonSet or Pod, dressed; a bare Pod comes out as a Deployment of one replica.

    It stays a Pod where its annotation ``netprobe.io/bare`` is "true".
    ``run_labels`` go on the object and on its pods, ``annotations`` on the object. Raises InputError
    for other kinds.
    """
    kind = str(body.get("kind"))
    if kind not in {"Deployment", "DaemonSet", "Pod"}:
        raise InputError(
            f"{kind} is not a workload that netprobe can deploy",
            remedy="use a Deployment, a DaemonSet or a Pod",
        )
    written: dict[str, Any] = copy.deepcopy(dict(body))
    metadata = written.get("metadata") or {}
    name = str(metadata.get("name", ""))
    if kind == "Pod":
        template = {"metadata": metadata, "spec": written.get("spec") or {}}
        spec: dict[str, Any] = {"replicas": 1, "selector": {"matchLabels": {WORKLOAD_LABEL: name}}}
    else:
        given = written.get("spec") or {}
        template = given.get("template") or {}
        spec = {"selector": given.get("selector")}
        if kind == "Deployment":
            spec["replicas"] = given.get("replicas", 1)
    spec["template"] = {
        "metadata": {
            "labels": {**_labels(template), **run_labels, **_POD_LABELS, WORKLOAD_LABEL: name},
            "annotations": {**_POD_ANNOTATIONS, **_kept_annotations(template)},
        },
        "spec": _pod_spec(template.get("spec") or {}, image),
    }
    if target := first_dial_of(body):
        containers = spec["template"]["spec"]["containers"]
        containers.append(first_container(target, containers[0]))
    if is_bare(body):
        return _bare(metadata, spec["template"], annotations)
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet" if kind == "DaemonSet" else "Deployment",
        "metadata": _marked(metadata, run_labels, annotations),
        "spec": spec,
    }


def is_bare(body: Mapping[str, object]) -> bool:
    """Whether this is a Pod that stays one."""
    metadata = body.get("metadata")
    written = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    return body.get("kind") == "Pod" and isinstance(written, Mapping) and written.get(BARE) == "true"


def _bare(
    metadata: Mapping[str, Any], template: Mapping[str, Any], annotations: Mapping[str, str]
) -> dict[str, Any]:
    """The Pod that a controller would have made of the template, under the author's own name."""
    made = template["metadata"]
    named = {key: metadata[key] for key in ("name", "namespace") if metadata.get(key)}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**named, **made, "annotations": {**made["annotations"], **annotations}},
        "spec": template["spec"],
    }


def dress_namespace(
    body: Mapping[str, object], *, run_labels: Mapping[str, str], annotations: Mapping[str, str]
) -> dict[str, Any]:
    """A Namespace with the run's labels that admits only Pod Security "restricted"."""
    metadata = copy.deepcopy(body.get("metadata") or {})
    security = {"pod-security.kubernetes.io/enforce": "restricted"}
    assert isinstance(metadata, dict)
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": _marked(metadata, {**security, **run_labels}, annotations),
    }


def dress_service(
    body: Mapping[str, object],
    *,
    run_labels: Mapping[str, str],
    annotations: Mapping[str, str],
    exposing: bool = False,
) -> dict[str, Any]:
    """A Service reachable from inside the cluster only: NodePort and LoadBalancer become ClusterIP.

    With ``exposing`` a NodePort stays one, at a port that the cluster chooses.

    A fixed clusterIP is left to the cluster to choose, since it may be taken; "None" stays.
    """
    written: dict[str, Any] = copy.deepcopy(dict(body))
    spec = {
        key: value for key, value in (written.get("spec") or {}).items() if key not in _DROPPED_OF_SERVICE
    }
    spec["type"] = "NodePort" if exposing and spec.get("type") == "NodePort" else "ClusterIP"
    spec.pop("clusterIPs", None)
    if spec.get("clusterIP") != "None":
        spec.pop("clusterIP", None)
    spec["ports"] = [
        {key: value for key, value in port.items() if key != "nodePort"} for port in spec.get("ports") or ()
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _marked(written.get("metadata") or {}, run_labels, annotations),
        "spec": spec,
    }


def _marked(
    metadata: Mapping[str, Any], run_labels: Mapping[str, str], annotations: Mapping[str, str]
) -> dict[str, Any]:
    """Name, namespace and labels as written, with the run's marks; the author's annotations are left out."""
    marked: dict[str, Any] = {"name": metadata.get("name")}
    if metadata.get("namespace"):
        marked["namespace"] = metadata["namespace"]
    marked["labels"] = {**(metadata.get("labels") or {}), **run_labels}
    if annotations:
        marked["annotations"] = dict(annotations)
    return marked


def _kept_annotations(template: Mapping[str, Any]) -> dict[str, str]:
    written = (template.get("metadata") or {}).get("annotations") or {}
    return {key: written[key] for key in _KEPT_ANNOTATIONS if key in written}


def _labels(template: Mapping[str, Any]) -> dict[str, str]:
    return dict((template.get("metadata") or {}).get("labels") or {})


def _pod_spec(written: Mapping[str, Any], image: str) -> dict[str, Any]:
    containers = server_containers(written.get("containers") or (), image)
    security: dict[str, Any] = {
        "runAsNonRoot": True,
        "runAsUser": USER,
        "runAsGroup": USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    if any(
        port["containerPort"] < _UNPRIVILEGED_FROM for each in containers for port in each.get("ports", ())
    ):
        # On Pod Security's list of safe sysctls: lets a user without capabilities bind low ports.
        security["sysctls"] = [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]
    return {
        **{key: written[key] for key in _KEPT_OF_POD if key in written},
        "containers": containers,
        "volumes": [{"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}}],
        "securityContext": security,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 1,
    }
