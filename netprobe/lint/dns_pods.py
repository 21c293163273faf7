"""The pods that answer for the cluster's DNS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netprobe.model.policy import LabelSelector
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, Pod, Service, Topology
from netprobe.oracle.selectors import selects

HOME = "kube-system"
NODE_LOCAL = "169.254.20.10"
"""Where NodeLocal DNSCache listens on every node, unless it is told otherwise."""

_LABELS: tuple[tuple[str, str], ...] = (
    ("k8s-app", "kube-dns"),
    ("k8s-app", "coredns"),
    ("app.kubernetes.io/name", "coredns"),
    ("dns.operator.openshift.io/daemonset-dns", "default"),
)
_HOMES = (HOME, "openshift-dns")
_PORTS = (53, 5353, 1053)
_SERVICES = ("kube-dns", "coredns", "rke2-coredns-rke2-coredns", "dns-default")


@dataclass(frozen=True, kw_only=True, slots=True)
class DnsPods:
    """The DNS pods, ``known`` from the inventory or else a stand-in; ``addresses`` mean the DNS, too."""

    pods: tuple[Pod, ...]
    known: bool
    addresses: frozenset[str]

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels by which a policy had best select them."""
        first = self.pods[0]
        for key, value in _LABELS:
            if first.labels.get(key) == value:
                return {key: value}
        return first.labels

    @property
    def namespace(self) -> str:
        """Where they are."""
        return self.pods[0].namespace

    def ports(self, protocol: Protocol) -> frozenset[int]:
        """Return the pods' own ports for DNS over a protocol, 53 when they declare none."""
        declared = (port for pod in self.pods for port in pod.ports if port.protocol is protocol)
        fitting = (p.number for p in declared if p.number in _PORTS or p.name.startswith("dns"))
        return frozenset(fitting) or frozenset((53,))


def find_dns(topology: Topology, pods: Sequence[Pod]) -> DnsPods:
    """Find the DNS among ``pods``: behind its Service, or by the labels that distributions give it."""
    service = next(iter(_services(topology)), None)
    addresses = {NODE_LOCAL, topology.nameserver} - {""}
    if service is not None:
        addresses.update(service.cluster_ips)
    found = tuple(pod for pod in pods if _is_dns(pod, service))
    addresses.update(ip for pod in found for ip in pod.ips)
    if found:
        return DnsPods(pods=found, known=True, addresses=frozenset(addresses))
    return DnsPods(pods=(_stand_in(service),), known=False, addresses=frozenset(addresses))


def _services(topology: Topology) -> Iterator[Service]:
    for service in topology.services:
        if (service.namespace in _HOMES and service.name in _SERVICES and service.selector) or (
            topology.nameserver and topology.nameserver in service.cluster_ips and service.selector
        ):
            yield service


def _is_dns(pod: Pod, service: Service | None) -> bool:
    if service is not None and service.selector and pod.namespace == service.namespace:
        return selects(LabelSelector(match_labels=service.selector), pod.labels)
    return pod.namespace in _HOMES and any(pod.labels.get(key) == value for key, value in _LABELS)


def _stand_in(service: Service | None) -> Pod:
    ports = (
        ContainerPort(number=53, protocol=Protocol.UDP, name="dns"),
        ContainerPort(number=53, protocol=Protocol.TCP, name="dns-tcp"),
        ContainerPort(number=9153, name="metrics"),
    )
    labels = dict(_LABELS[:1]) if service is None else dict(service.selector or {})
    namespace = HOME if service is None else service.namespace
    return Pod(namespace=namespace, name="coredns", workload="coredns", labels=labels, ports=ports)
