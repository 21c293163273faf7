"""What the cluster holds, as the oracle sees it: namespaces, pods, services, nodes, external hosts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netprobe.model.protocol import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Namespace:
    """A namespace and its labels (``kubernetes.io/metadata.name`` included)."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A node, its own addresses and its labels."""

    name: str
    addresses: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContainerPort:
    """A declared containerPort."""

    number: int
    protocol: Protocol = Protocol.TCP
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pod:
    """A pod. ``workload`` and ``index`` name it stably (controller name, position among its replicas).

    ``siblings`` counts the other replicas: a pod without any is named without its index.
    ``ips`` has one address per family, the primary one first, empty while unscheduled. ``restarts``
    sums the restarts of its containers.
    """

    namespace: str
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    ips: tuple[str, ...] = ()
    ports: tuple[ContainerPort, ...] = ()
    node: str = ""
    uid: str = ""
    phase: str = "Running"
    ready: bool = True
    host_network: bool = False
    workload: str = ""
    index: int = 0
    siblings: int = 0
    restarts: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ServicePort:
    """A port of a Service; ``target`` is the number or the name of the pods' port.

    ``node_port`` is where the nodes listen for it, 0 when they do not.
    """

    port: int
    protocol: Protocol = Protocol.TCP
    target: int | str = 0
    name: str = ""
    node_port: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Backend:
    """One ready endpoint of a Service port: the pod (namespace, name) where known, its address and port."""

    service_port: int
    protocol: Protocol
    address: str
    port: int
    pod: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A Service with its ready endpoints; ``cluster_ips`` is empty for a headless one.

    ``external_name`` is the host name that an ExternalName Service stands for, "" for all others.
    """

    namespace: str
    name: str
    cluster_ips: tuple[str, ...] = ()
    ports: tuple[ServicePort, ...] = ()
    selector: Mapping[str, str] | None = None
    backends: tuple[Backend, ...] = ()
    headless: bool = False
    external_name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalHost:
    """A host outside the cluster that the scenario declares (an address that netprobe made or was given)."""

    name: str
    address: str
    ports: tuple[int, ...] = ()
    protocol: Protocol = Protocol.TCP


@dataclass(frozen=True, kw_only=True, slots=True)
class Topology:
    """Everything that a decision can depend on beside the policies.

    ``nameserver`` is the address in the pods' resolv.conf; ``cluster_domain`` the domain of Services.
    """

    namespaces: tuple[Namespace, ...] = ()
    pods: tuple[Pod, ...] = ()
    services: tuple[Service, ...] = ()
    nodes: tuple[Node, ...] = ()
    externals: tuple[ExternalHost, ...] = ()
    nameserver: str = ""
    cluster_domain: str = "cluster.local"
