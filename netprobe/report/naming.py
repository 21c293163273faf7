"""How reports name pods and flows: in the author's names, with ``[i]`` only where replicas exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netprobe.model.finding import Finding
from netprobe.model.flow import Destination, DnsRef, Flow, PodRef
from netprobe.model.protocol import Protocol, Via


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Names ends of flows; ``replicated`` are the (namespace, workload) pairs with several pods."""

    replicated: frozenset[tuple[str, str]] = frozenset()

    def workload(self, pod: PodRef) -> str:
        """``workload``, or ``workload[i]`` when it has replicas; without its namespace."""
        return (
            f"{pod.workload}[{pod.index}]"
            if (pod.namespace, pod.workload) in self.replicated
            else pod.workload
        )

    def end(self, end: Destination) -> str:
        """One end of a flow: ``namespace/workload``, ``dns``, ``external:name`` or ``node:own``."""
        return f"{end.namespace}/{self.workload(end)}" if isinstance(end, PodRef) else str(end)

    def edge(self, flow: Flow) -> str:
        """``production/frontend → production/database:5432``, with its protocol where that needs saying."""
        return f"{self.end(flow.source)} → {self.end(flow.destination)}{port_words(flow)}"

    def flow(self, flow: Flow) -> str:
        """The edge, and how it was addressed unless that was the plain pod IP."""
        how = how_words(flow)
        return f"{self.edge(flow)} {how}" if how else self.edge(flow)


def names_of(findings: Iterable[Finding]) -> Names:
    """Return the names for a set of findings: a workload is replicated when a second pod occurs."""
    ends = {end for f in findings for end in (f.flow.source, f.flow.destination) if isinstance(end, PodRef)}
    seen: set[tuple[str, str]] = set()
    twice: set[tuple[str, str]] = set()
    for end in ends:
        key = (end.namespace, end.workload)
        (twice if key in seen else seen).add(key)
    return Names(replicated=frozenset(twice))


def port_words(flow: Flow) -> str:
    """``:5432`` for TCP, ``:53/udp`` for the others; dns always says which of its two it is."""
    return f":{flow.port}{protocol_words(flow.protocol, flow.destination)}"


def protocol_words(protocol: Protocol, destination: Destination) -> str:
    """``/udp``; empty for TCP, except for dns."""
    plain = protocol is Protocol.TCP and not isinstance(destination, DnsRef)
    return "" if plain else f"/{protocol.value.lower()}"


def how_words(flow: Flow) -> str:
    """``by name api:80``, ``by Service api:80``, ``by node port of api:80``, ``by second IP``.

    Empty for the plain pod IP.
    """
    if flow.via is Via.IP:
        return ""
    if flow.via is Via.SECOND_IP:
        return "by second IP"
    service = f" {flow.service}:{flow.service_port}" if flow.service else ""
    way = {Via.NAME: "name", Via.NODE_PORT: "node port of"}.get(flow.via, "Service")
    return f"by {way}{service}"
