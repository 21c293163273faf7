"""What a network that misreads policies makes of those that a cluster has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from netprobe.model.audit import AffectedPolicy
from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.inventory import Inventory
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.matrix import OTHER_PORTS, FlowChange
from netprobe.model.policy import Direction, NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.oracle.defects.defect import Defect
from netprobe.oracle.defects.faulty import denied_by, read_by
from netprobe.oracle.isolation import rules_of
from netprobe.oracle.selectors import selects
from netprobe.oracle.table.changes import compare
from netprobe.oracle.table.folding import ref_of
from netprobe.oracle.table.table import TruthTable

_MORE_PORTS = ((OTHER_PORTS, Protocol.TCP),)
"""What pods listen on without declaring it: a port that no rule names stands for all of these."""


class Misreading:
    """The flows between pods that a defect opens or shuts, told by policy."""

    def __init__(self, inventory: Inventory, defect: Defect, blocks: IpBlocksMeanPods) -> None:
        """``defect`` is one about how policies are read."""
        self._inventory = inventory
        self._readings = {id(policy): tuple(defect.reads(policy)) for policy in inventory.policies}
        self._denying = {id(policy) for policy in inventory.policies if denied_by(defect, (policy,))}
        as_written, as_read = self._table(None, blocks), self._table(defect, blocks)
        self._changes = compare(as_written, as_read, _MORE_PORTS).changes

    @property
    def misread(self) -> Iterator[NetworkPolicy]:
        """The policies that this network does not read as they are written."""
        return (policy for policy in self._inventory.policies if any(self._touched(policy).values()))

    def of(self, policy: NetworkPolicy) -> AffectedPolicy:
        """What becomes of the flows of the pods that the policy selects, in the directions misread."""
        pods = self._pods(policy)
        touched = self._touched(policy)
        opened: set[PodRef] = set()
        shut: set[PodRef] = set()
        leaks = blocks = 0
        for change in self._changes:
            if {change.before, change.after} != {Answer.ALLOW, Answer.DENY}:
                continue
            mine, flows = _share(change, pods, touched)
            if change.after is Answer.ALLOW:
                opened |= mine
                leaks += flows
            else:
                shut |= mine
                blocks += flows
        return AffectedPolicy(
            namespace=policy.namespace,
            name=policy.name,
            opened=tuple(sorted(opened)),
            shut=tuple(sorted(shut)),
            leaks=leaks,
            blocks=blocks,
        )

    def _table(self, defect: Defect | None, blocks: IpBlocksMeanPods) -> TruthTable:
        inventory = self._inventory
        policies, denials = inventory.policies, inventory.admin_policies
        if defect is not None:
            denials = (*denied_by(defect, policies), *denials)
            policies = read_by(defect, policies)
        return TruthTable(inventory.topology, policies, admin_policies=denials, ip_blocks_mean_pods=blocks)

    def _touched(self, policy: NetworkPolicy) -> Mapping[Direction, bool]:
        """In which directions the policy is read otherwise."""
        readings = self._readings[id(policy)]
        selecting = id(policy) in self._denying or any(
            each.pod_selector != policy.pod_selector for each in readings
        )
        return {
            direction: selecting or _views(readings, direction) != _views((policy,), direction)
            for direction in Direction
        }

    def _pods(self, policy: NetworkPolicy) -> frozenset[PodRef]:
        """The pods that the policy selects, as it is written or as it is read."""
        selectors = [policy.pod_selector, *(each.pod_selector for each in self._readings[id(policy)])]
        return frozenset(
            ref_of(pod)
            for pod in self._inventory.topology.pods
            if pod.namespace == policy.namespace
            and any(selects(selector, pod.labels) for selector in selectors)
        )


def _views(policies: Sequence[NetworkPolicy], direction: Direction) -> list[object]:
    """What decides in a direction, of the policies that have it."""
    return [rules_of(policy, direction) for policy in policies if direction in policy.policy_types]


def _share(
    change: FlowChange, pods: frozenset[PodRef], touched: Mapping[Direction, bool]
) -> tuple[set[PodRef], int]:
    """Those of the pods whose flows are among the change, and how many flows that are."""
    into = pods.intersection(change.destinations) if touched[Direction.INGRESS] else frozenset()
    out = pods.intersection(change.sources) if touched[Direction.EGRESS] else frozenset()
    counted = _flows(change.sources, into) + _flows(out, change.destinations) - _flows(out, into)
    return {*into, *out} if counted else set(), counted


def _flows(
    sources: Sequence[PodRef] | frozenset[PodRef], destinations: Sequence[PodRef] | frozenset[PodRef]
) -> int:
    """How many there are from the ones to the others; a pod's with itself are none."""
    return len(sources) * len(destinations) - len(set(sources).intersection(destinations))
