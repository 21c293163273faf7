"""Edges and flows: who talks to whom, over what, and how the destination is addressed."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.protocol import Protocol, Via


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class PodRef:
    """A pod by its stable name: namespace, workload and index among the replicas (from 0)."""

    namespace: str
    workload: str
    index: int = 0

    def __str__(self) -> str:
        """Render as ``namespace/workload[index]``, the form used in finding ids."""
        return f"{self.namespace}/{self.workload}[{self.index}]"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class DnsRef:
    """The cluster's DNS: the nameserver of the source's resolv.conf."""

    def __str__(self) -> str:
        """Render as the word used in scenario files."""
        return "dns"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class ExternalRef:
    """An external host that the scenario declares."""

    name: str

    def __str__(self) -> str:
        """Render as ``external:name``."""
        return f"external:{self.name}"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class NodeRef:
    """A node, seen from the source pod: its ``own`` node or ``another`` one."""

    which: str

    def __str__(self) -> str:
        """Render as ``node:own`` or ``node:another``."""
        return f"node:{self.which}"


Destination = PodRef | DnsRef | ExternalRef | NodeRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """An edge with protocol, port and the way of addressing.

    ``port`` is always the destination pod's containerPort (53 for dns). For ``via`` service or
    name, ``service`` is the Service (in the destination's namespace) and ``service_port`` its port.
    """

    source: PodRef
    destination: Destination
    port: int
    protocol: Protocol = Protocol.TCP
    via: Via = Via.IP
    service: str = ""
    service_port: int = 0

    @property
    def key(self) -> str:
        """The stable part of a finding id: ``ns/workload[i]->ns/workload[j]:port/proto/via``.

        A Service is named after ``via``, with its port when that differs from the pod's, so that two
        ports of one Service with the same target stay two flows.
        """
        how = self.via.value if not self.service else f"{self.via.value}:{self.service}"
        if self.service and self.service_port != self.port:
            how += f":{self.service_port}"
        return f"{self.source}->{self.destination}:{self.port}/{self.protocol.value.lower()}/{how}"
