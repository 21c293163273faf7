"""Reading a cluster's state: what the oracle's topology is made of, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from netprobe.cluster.kube.admin_policies import read_admin_policies
from netprobe.cluster.kube.kinds import collection_path, object_path
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import Body, ClusterState, ObjectRef
from netprobe.errors import Refused

_DNS = (("kube-system", "k8s-app=kube-dns"), ("openshift-dns", "dns.operator.openshift.io/owning-dns"))
"""Where the cluster's DNS Service is found, and by which label."""

_FORBIDDEN = {
    "Namespace": "namespaces of others",
    "Node": "nodes",
    "NetworkPolicy": "NetworkPolicies of other namespaces",
}
"""What is missing when a list over the whole cluster is forbidden."""

Objects = tuple[Mapping[str, Any], ...]


class _Reading:
    """Reads that may be forbidden: each one is noted, and what can be read instead is."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.unreadable: list[str] = []

    def everywhere(self, kind: str, namespaces: Sequence[str]) -> Objects:
        """All objects of a kind, or only those of our namespaces when the whole is forbidden."""
        try:
            return self.rest.items(collection_path(kind))
        except Refused as refused:
            if refused.status != 403:
                raise
            self.unreadable.append(_FORBIDDEN[kind])
        if kind == "Node":
            return ()
        if kind == "Namespace":
            refs = (ObjectRef(api_version="v1", kind=kind, name=name) for name in namespaces)
            return tuple(self.rest.get(object_path(ref)) for ref in refs)
        return self.of(kind, namespaces)

    def of(self, kind: str, namespaces: Sequence[str], query: Mapping[str, str] | None = None) -> Objects:
        """The objects of a kind in some namespaces."""
        return tuple(
            body
            for namespace in namespaces
            for body in self.rest.items(collection_path(kind, namespace), query)
        )

    def dns(self) -> tuple[str, Objects, Objects, Objects]:
        """Namespace, Services, EndpointSlices and pods of the cluster's DNS."""
        for namespace, label in _DNS:
            try:
                services = self.of("Service", [namespace], {"labelSelector": label})
                if services:
                    return (namespace, services, *self._behind(namespace, services))
            except Refused as refused:
                if refused.status != 403:
                    raise
                self.unreadable.append(f"the DNS Service in {namespace}")
        return _DNS[0][0], (), (), ()

    def _behind(self, namespace: str, services: Objects) -> tuple[Objects, Objects]:
        slices: list[Mapping[str, Any]] = []
        pods: dict[str, Mapping[str, Any]] = {}
        for service in services:
            name = service["metadata"]["name"]
            of_service = {"labelSelector": f"kubernetes.io/service-name={name}"}
            slices += self.of("EndpointSlice", [namespace], of_service)
            selector = service["spec"].get("selector") or {}
            if selector:
                text = ",".join(f"{key}={value}" for key, value in selector.items())
                found = self.of("Pod", [namespace], {"labelSelector": text})
                pods |= {pod["metadata"]["name"]: pod for pod in found}
        return tuple(slices), tuple(pods.values())


def read_dns(rest: Rest) -> tuple[Objects, Objects]:
    """The Services of the cluster's DNS and the pods behind them. Raises Refused when it may not be seen."""
    reading = _Reading(rest)
    _, services, _, pods = reading.dns()
    if reading.unreadable and not services:
        raise Refused(f"not allowed to read {reading.unreadable[0]}", status=403, reason="Forbidden")
    return services, pods


def read_state(rest: Rest, namespaces: Sequence[str]) -> ClusterState:
    """Read everything that a decision about the run's flows can depend on."""
    reading = _Reading(rest)
    own = tuple(dict.fromkeys(namespaces))
    dns_namespace, dns_services, dns_slices, dns_pods = reading.dns()
    if dns_namespace in own:
        dns_services = dns_slices = dns_pods = ()
    admin_policies, not_read = read_admin_policies(rest)
    return ClusterState(
        namespaces=_bodies(reading.everywhere("Namespace", own)),
        nodes=_bodies(reading.everywhere("Node", own)),
        pods=_bodies(reading.of("Pod", own) + dns_pods),
        services=_bodies(reading.of("Service", own) + dns_services),
        endpoint_slices=_bodies(reading.of("EndpointSlice", own) + dns_slices),
        policies=_bodies(reading.everywhere("NetworkPolicy", own)),
        admin_policies=admin_policies,
        dns_namespace=dns_namespace,
        unreadable=(*reading.unreadable, *not_read),
    )


def _bodies(objects: Objects) -> tuple[Body, ...]:
    return objects
