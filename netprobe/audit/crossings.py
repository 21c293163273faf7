"""Flows that a network cuts, whatever the policies say, or whose far end it does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from netprobe.model.decision import Decision
from netprobe.model.flow import Flow
from netprobe.model.policy import Peer
from netprobe.model.protocol import Via
from netprobe.model.topology import Pod


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """A flow with the pods at its ends (None: no pod, or not known), and what the policies say of it."""

    flow: Flow
    source: Pod | None
    destination: Pod | None
    by_service: bool
    decision: Decision

    @property
    def between_nodes(self) -> bool:
        """Whether both ends are pods on different nodes."""
        ends = (self.source, self.destination)
        nodes = {end.node for end in ends if end is not None and end.node}
        return None not in ends and len(nodes) == 2


Cuts = Callable[[Crossing], bool]
"""Whether the network cuts a flow that the policies admit."""


def nothing(crossing: Crossing) -> bool:
    """Cut no flow."""
    del crossing
    return False


def to_services(crossing: Crossing) -> bool:
    """Pods isolated for egress reach no Service."""
    return crossing.by_service and _is_isolated(crossing)


def to_renumbered_services(crossing: Crossing) -> bool:
    """Pods isolated for egress reach no Service whose port is another one than its pods'."""
    flow = crossing.flow
    renumbered = bool(flow.service_port) and flow.service_port != flow.port
    return crossing.by_service and renumbered and _is_isolated(crossing)


def back_to_itself(crossing: Crossing) -> bool:
    """A pod that policies isolate does not come back to itself through a Service."""
    ends = (crossing.decision.egress, crossing.decision.ingress)
    isolated = any(end is not None and end.isolating for end in ends)
    return crossing.by_service and crossing.source == crossing.destination and isolated


def out_to_nodes(crossing: Crossing) -> bool:
    """Pods isolated for egress reach no node, whatever blocks admit."""
    return crossing.flow.via is Via.NODE_PORT and _is_isolated(crossing)


def by_second_address(crossing: Crossing) -> bool:
    """Flows to the second address of a pod."""
    return crossing.flow.via is Via.SECOND_IP


def _is_isolated(crossing: Crossing) -> bool:
    egress = crossing.decision.egress
    return egress is not None and bool(egress.isolating)


def selectors_mean_nobody(peer: Peer) -> Iterator[Peer]:
    """Of the peers of a rule only the blocks of addresses are known."""
    if peer.ip_block is not None:
        yield peer
