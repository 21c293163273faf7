"""Canaries: on every node a pod that is isolated for ingress, one for egress, and one that is free.

The probes of a node are its own pods' and those from and to its neighbour in a ring, so their number
grows with the number of nodes and not with its square.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netprobe.audit.board.feature import Phase
from netprobe.audit.board.pods import HOME, BoardPod
from netprobe.audit.nodes import AuditedNode
from netprobe.model.flow import Flow, PodRef
from netprobe.model.policy import Direction

POLICIES = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: canaries-in, namespace: home}
spec: {podSelector: {matchLabels: {canary: in}}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: canaries-out, namespace: home}
spec: {podSelector: {matchLabels: {canary: out}}, policyTypes: [Egress]}
"""
"""The policies over canaries: one for each direction."""

PORTS = ({"name": "http", "containerPort": 8080}, {"containerPort": 5300, "protocol": "UDP"})


@dataclass(frozen=True, kw_only=True, slots=True)
class CanaryLine:
    """A probe as an intent line, about ``node`` and ``direction`` (None: a twin that is always open)."""

    node: str
    direction: Direction | None
    phase: Phase
    text: str
    allowed: bool


def canary_pods(count: int) -> Iterator[BoardPod]:
    """The canaries of ``count`` nodes; ``place`` is the number of the node."""
    for number in range(count):
        for kind, labels in (
            ("in", {"canary": "in"}),
            ("out", {"canary": "out"}),
            ("free", {"canary": "free"}),
        ):
            yield BoardPod(namespace=HOME, name=f"{kind}-{number}", labels=labels, place=number)


def canary_lines(nodes: Sequence[AuditedNode]) -> Iterator[CanaryLine]:
    """The probes of all nodes: same node and neighbour, both directions, TCP and UDP."""
    count = len(nodes)
    for number, node in enumerate(nodes):
        before, after = (number - 1) % count, (number + 1) % count
        into = [f"home/free-{source} -> home/in-{number}" for source in sorted({number, before})]
        out = [f"home/out-{number} -> home/free-{target}" for target in sorted({number, after})]
        for direction, edges in ((Direction.INGRESS, into), (Direction.EGRESS, out)):
            for edge in edges:
                yield _line(node, direction, Phase.DENY, f"{edge}:8080", allowed=False)
                yield _line(node, direction, Phase.OPEN, f"{edge}:8080", allowed=True)
            yield _line(node, direction, Phase.DENY, f"{edges[-1]}:5300/udp", allowed=False)
        if count > 1:
            yield _line(
                node, None, Phase.DENY, f"home/free-{before} -> home/free-{number}:8080", allowed=True
            )


def held_flows(nodes: Sequence[AuditedNode]) -> tuple[Flow, ...]:
    """Flows that are open before the policies and denied by them: on one node, and to the next."""
    return tuple(
        Flow(
            source=PodRef(namespace=HOME, workload="free-0"),
            destination=PodRef(namespace=HOME, workload=f"in-{number}"),
            port=8080,
        )
        for number in range(min(2, len(nodes)))
    )


def _line(
    node: AuditedNode, direction: Direction | None, phase: Phase, text: str, *, allowed: bool
) -> CanaryLine:
    return CanaryLine(node=node.name, direction=direction, phase=phase, text=text, allowed=allowed)
