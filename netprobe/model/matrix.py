"""The truth table of a cluster with equal pods folded into groups, and what a change of policies does."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.protocol import Protocol

OTHER_PORTS = 0
"""The port number that stands for every port that no rule names, of pods that declare no port."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PodGroup:
    """Pods with the same answer in every flow, as source and as destination; never empty."""

    pods: tuple[PodRef, ...]

    @property
    def is_single(self) -> bool:
        """Whether the group has no flow among its own pods."""
        return len(self.pods) == 1


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixColumn:
    """A port of a group (by its number in the matrix) and who reaches it.

    ``allow`` and ``maybe`` are sets of groups, bit n being group n: those that may, and those that
    are not denied (UNDEFINED is the difference).
    """

    group: int
    port: int
    protocol: Protocol
    allow: int
    maybe: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Groups as rows, ports of groups as columns."""

    groups: tuple[PodGroup, ...]
    columns: tuple[MatrixColumn, ...]

    def answer(self, source: int, column: MatrixColumn) -> Answer | None:
        """Return the answer for two different pods; None when there are none (a pod and itself)."""
        if source == column.group and self.groups[source].is_single:
            return None
        if column.allow >> source & 1:
            return Answer.ALLOW
        return Answer.UNDEFINED if column.maybe >> source & 1 else Answer.DENY


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowChange:
    """Flows whose answer changes alike: from each of the sources to each of the destinations.

    ``reason`` says, for one of them, why the answer is now what it is ("" where nobody asked).
    """

    sources: tuple[PodRef, ...]
    destinations: tuple[PodRef, ...]
    port: int
    protocol: Protocol
    before: Answer
    after: Answer
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixChange:
    """What differs between two states of a cluster, over the pods and ports that both have.

    ``added`` and ``removed`` are pods that only the new (old) state has; their flows are no changes.
    """

    changes: tuple[FlowChange, ...] = ()
    added: tuple[PodRef, ...] = ()
    removed: tuple[PodRef, ...] = ()
    flows_compared: int = 0
