"""A named defect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from netprobe.model.admin_policy import AdminPolicy
from netprobe.model.decision import Decision
from netprobe.model.policy import NetworkPolicy
from netprobe.model.topology import Pod

Reads = Callable[[NetworkPolicy], Iterator[NetworkPolicy]]
"""What the network makes of one policy: itself, another one, several, or none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A flow between two pods, as a network that skips some flows sees it.

    ``decision`` is what the policies say, read as the network reads them.
    """

    source: Pod
    destination: Pod
    by_service: bool
    decision: Decision

    @property
    def same_node(self) -> bool:
        """Whether both pods are known to run on one node."""
        return bool(self.source.node) and self.source.node == self.destination.node


Denies = Callable[[NetworkPolicy], Iterator[AdminPolicy]]
"""What the network denies because of a policy before any rule is asked."""

Skips = Callable[[Passage], bool]
"""Whether the network lets a flow through without asking any policy."""


def as_written(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """Read the policy as it is."""
    yield policy


def no_more(policy: NetworkPolicy) -> Iterator[AdminPolicy]:
    """Deny nothing on top."""
    del policy
    yield from ()


def nothing(passage: Passage) -> bool:
    """Skip no flow."""
    del passage
    return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Defect:
    """A way in which networks are known to go wrong.

    ``says`` is a sentence about the network; ``cites`` are incidents of real ones, by their catalogue
    ids (docs/defects.md). ``reads``, ``denies`` and ``skips`` are all that the defect changes: policies
    are read differently, some flows are denied first, or some pass without being asked about.
    """

    name: str
    says: str
    cites: tuple[str, ...]
    reads: Reads = as_written
    denies: Denies = no_more
    skips: Skips = nothing

    @property
    def is_about_policies(self) -> bool:
        """Whether the defect lies in how policies are read alone, so that a table can show it."""
        return self.skips is nothing
