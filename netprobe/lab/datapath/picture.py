"""The frozen picture of a cluster from which the rules of its nodes are compiled."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.policy import NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Namespace, Pod


@dataclass(frozen=True, kw_only=True, slots=True)
class Frontend:
    """One port of a Service that has a ClusterIP, with the endpoints behind it.

    ``backends`` are (IPv4 address, port) pairs, possibly none; ``node_port`` 0 means there is none.
    """

    cluster_ip: str
    port: int
    protocol: Protocol = Protocol.TCP
    node_port: int = 0
    backends: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeAddress:
    """A node: its address on the fabric, and the CIDR of its pods ("" when unknown)."""

    name: str
    address: str
    pod_cidr: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """Everything that the rules depend on, at one moment.

    ``pods`` holds every pod that the cluster knows, whatever its phase; those without an address
    are ignored. ``cluster_ips`` are all ClusterIPs, also of Services without endpoints.
    """

    pods: tuple[Pod, ...] = ()
    namespaces: tuple[Namespace, ...] = ()
    policies: tuple[NetworkPolicy, ...] = ()
    frontends: tuple[Frontend, ...] = ()
    cluster_ips: tuple[str, ...] = ()
    nodes: tuple[NodeAddress, ...] = ()
