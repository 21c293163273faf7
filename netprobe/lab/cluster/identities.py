"""Decor: the objects by which a CNI is known, with no process behind them.

They make an identifier see what it would see on a cluster of that CNI; DNS, policies and the
controllers of the lab do not notice them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from netprobe.lab.cluster.seed import NodePlace, Placed, condition
from netprobe.lab.control.kinds import DECOR
from netprobe.lab.store.objects import Object, Store

_FLANNEL_IMAGE = "ghcr.io/flannel-io/flannel:v0.27.4"
_PROXY_IMAGE = "registry.k8s.io/kube-proxy:v1.36.2"


def decor_objects(identity: str, nodes: Iterable[NodePlace]) -> Iterator[Placed]:
    """The objects of an identity ("" has none)."""
    count = len(tuple(nodes))
    if identity == "flannel":
        yield from _flannel(count)
    elif identity == "kubenet":
        yield _daemon_set("kube-system", "kube-proxy", {"k8s-app": "kube-proxy"}, _PROXY_IMAGE, count)


def mark_nodes(store: Store, identity: str, nodes: Iterable[NodePlace], *, now: str) -> None:
    """Annotate the nodes, and set the condition that the CNI's agent or the route controller sets."""
    for place in nodes:
        if identity == "flannel":
            store.change("nodes", "", place.name, partial(_mark_flannel, address=place.address, now=now))
        elif identity == "kubenet":
            store.change("nodes", "", place.name, partial(_mark_kubenet, now=now))


def _mark_flannel(node: Object, *, address: str, now: str) -> None:
    node["metadata"].setdefault("annotations", {}).update(
        {
            "flannel.alpha.coreos.com/backend-data": '{"VNI":1,"VtepMAC":"ae:5d:00:00:00:01"}',
            "flannel.alpha.coreos.com/backend-type": "vxlan",
            "flannel.alpha.coreos.com/kube-subnet-manager": "true",
            "flannel.alpha.coreos.com/public-ip": address,
        }
    )
    _available(node, "FlannelIsUp", "Flannel is running on this node", now)


def _mark_kubenet(node: Object, *, now: str) -> None:
    _available(node, "RouteCreated", "RouteController created a route", now)


def _available(node: Object, reason: str, message: str, now: str) -> None:
    networked = condition("NetworkUnavailable", "False", reason, message, now=now)
    node["status"]["conditions"].insert(0, networked)


def _flannel(nodes: int) -> Iterator[Placed]:
    namespace = "kube-flannel"
    labels = {"app": "flannel", "k8s-app": "flannel", "tier": "node"}
    meta = {
        "name": namespace,
        "labels": {"k8s-app": "flannel", "pod-security.kubernetes.io/enforce": "privileged"},
    }
    yield Placed(resource="namespaces", body={"kind": "Namespace", "apiVersion": "v1", "metadata": meta})
    yield Placed(
        resource="configmaps",
        body={
            "kind": "ConfigMap",
            "apiVersion": "v1",
            "metadata": {"name": "kube-flannel-cfg", "namespace": namespace, "labels": labels},
            "data": {
                "cni-conf.json": '{"name": "cbr0", "cniVersion": "0.3.1", "plugins": '
                '[{"type": "flannel", "delegate": {"hairpinMode": true, "isDefaultGateway": true}}, '
                '{"type": "portmap", "capabilities": {"portMappings": true}}]}',
                "net-conf.json": '{"Network": "10.244.0.0/16", "Backend": {"Type": "vxlan"}}',
            },
        },
    )
    yield _daemon_set(namespace, "kube-flannel-ds", labels, _FLANNEL_IMAGE, nodes)


def _daemon_set(namespace: str, name: str, labels: Mapping[str, str], image: str, nodes: int) -> Placed:
    """A DaemonSet that claims to be ready on every node; the annotation keeps controllers off it."""
    body: Object = {
        "kind": "DaemonSet",
        "apiVersion": "apps/v1",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": dict(labels),
            "annotations": {DECOR: "this object only looks like the real one: nothing runs behind it"},
        },
        "spec": {
            "selector": {"matchLabels": dict(labels)},
            "template": {
                "metadata": {"labels": dict(labels)},
                "spec": {
                    "hostNetwork": True,
                    "tolerations": [{"operator": "Exists"}],
                    "containers": [{"name": name.removesuffix("-ds"), "image": image}],
                },
            },
        },
        "status": {
            "observedGeneration": 1,
            "currentNumberScheduled": nodes,
            "desiredNumberScheduled": nodes,
            "updatedNumberScheduled": nodes,
            "numberReady": nodes,
            "numberAvailable": nodes,
            "numberMisscheduled": 0,
        },
    }
    return Placed(resource="daemonsets", body=body)
