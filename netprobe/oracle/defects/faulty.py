"""The oracle's answers as a faulty network would give them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netprobe.model.admin_policy import AdminPolicy
from netprobe.model.decision import Answer, Decision
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod, Topology
from netprobe.oracle.decide import Oracle
from netprobe.oracle.defects.defect import Defect, Passage


def read_by(defect: Defect, policies: Iterable[NetworkPolicy]) -> tuple[NetworkPolicy, ...]:
    """Return what a network with the defect makes of the policies."""
    return tuple(new for policy in policies for new in defect.reads(policy))


def denied_by(defect: Defect, policies: Iterable[NetworkPolicy]) -> tuple[AdminPolicy, ...]:
    """Return what a network with the defect denies on top, as policies that are asked first."""
    return tuple(new for policy in policies for new in defect.denies(policy))


class FaultyOracle:
    """Decides flows as a network with one defect would treat them."""

    def __init__(
        self,
        defect: Defect,
        topology: Topology,
        policies: Sequence[NetworkPolicy],
        *,
        admin_policies: Sequence[AdminPolicy] = (),
        ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN,
    ) -> None:
        """Nothing may change afterwards. Only NetworkPolicies are misread, not the cluster-wide ones."""
        self._defect = defect
        self._oracle = Oracle(
            topology,
            read_by(defect, policies),
            admin_policies=(*denied_by(defect, policies), *admin_policies),
            ip_blocks_mean_pods=ip_blocks_mean_pods,
        )

    def between(
        self,
        source: Pod | str,
        destination: Pod | str,
        port: int,
        protocol: Protocol,
        *,
        by_service: bool = False,
    ) -> Decision:
        """Decide as ``Oracle.between``; ``by_service`` tells that a Service's address was dialled."""
        decision = self._oracle.between(source, destination, port, protocol)
        if isinstance(source, str) or isinstance(destination, str):
            return decision
        passage = Passage(source=source, destination=destination, by_service=by_service, decision=decision)
        if decision.answer is Answer.ALLOW or not self._defect.skips(passage):
            return decision
        return Decision(
            answer=Answer.ALLOW, reason=f"allowed: a network with {self._defect.name} {self._defect.says}"
        )
