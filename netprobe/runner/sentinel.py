"""When a write takes effect: netprobe's own policy on its own pods, flipped after each step's writes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from netprobe.model.run import NO_EFFECT_BEFORE, SentinelReading
from netprobe.runner.controls import Controls, sentinel_policy, sentinel_policy_ref
from netprobe.runner.rounds import SentinelSight
from netprobe.runner.site import Site


@dataclass(kw_only=True, slots=True)
class _Node:
    """What is known of one node's sentinel; ``is_open`` None: nothing."""

    is_open: bool | None = None
    sights: list[SentinelSight] = field(default_factory=list)
    flipped_at: float | None = None


class Sentinel:
    """The sentinels of all nodes and the one policy that closes them.

    Times are moments of the run, in seconds. ``not_enforced`` names the nodes where closing never
    took effect, over all steps.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._nodes: dict[str, _Node] = {}
        self._pending: set[str] = set()
        self._flips = 0
        self._overruled = False
        self._given_up = False
        self.closing = False
        self.written = 0.0
        self.not_enforced: list[str] = []

    @property
    def pending(self) -> tuple[str, ...]:
        """The nodes whose sentinel is still to be looked at."""
        return tuple(sorted(self._pending))

    @property
    def longest_wait(self) -> float:
        """When attempts count although no sentinel flipped."""
        return self.written + self._site.limits.quiet_seconds

    def learn(self, sights: Iterable[SentinelSight]) -> None:
        """Take looks made while no flip is under way (the baseline): they tell what is open now."""
        for sight in sights:
            if sight.is_open is not None:
                self._nodes.setdefault(sight.node, _Node()).is_open = sight.is_open

    def flip(self, controls: Controls, *, overruled: bool = False) -> None:
        """Write the policy, or delete it, and begin to look where the state before is known.

        ``overruled``: a cluster-wide policy decides about the sentinels, so nothing is to be seen.
        """
        self._overruled = overruled
        self._flips += 1
        self.closing = self._flips % 2 == 1
        if self.closing:
            self._site.cluster.apply([sentinel_policy(self._site)])
        else:
            self._site.cluster.delete([sentinel_policy_ref(self._site)])
        self.written = self._site.now()
        self._given_up = False
        self._pending.clear()
        for name in controls.nodes:
            node = self._nodes.setdefault(name, _Node())
            node.sights, node.flipped_at = [], None
            if node.is_open is self.closing and not overruled and name not in self.not_enforced:
                self._pending.add(name)

    def note(self, sights: Iterable[SentinelSight]) -> None:
        """Take looks; a flip is the first look at the new state that the next look confirms."""
        for sight in sights:
            if sight.node in self._pending and sight.is_open is not None:
                self._nodes[sight.node].sights.append(sight)
        for name in self.pending:
            node = self._nodes[name]
            node.sights.sort(key=lambda sight: sight.started)
            for first, second in zip(node.sights, node.sights[1:], strict=False):
                if first.is_open is second.is_open is not self.closing:
                    node.flipped_at = first.started
                    node.is_open = not self.closing
                    self._pending.discard(name)
                    break

    def counts_from(self, nodes: Iterable[str]) -> float:
        """The moment from which attempts between these nodes count: the last flip, or the quiet time.

        A patient run has no quiet time for nodes whose flip is still looked for: until it gives up, nothing
        counts there.
        """
        if self.is_awaited(nodes := tuple(nodes)):
            return math.inf
        flips = [node.flipped_at if (node := self._nodes.get(name)) else None for name in nodes]
        known = [flip for flip in flips if flip is not None]
        if len(known) < len(flips) or not known:
            return self.longest_wait
        return max(known) if self._site.options.patient else min(max(known), self.longest_wait)

    def is_awaited(self, nodes: Iterable[str]) -> bool:
        """Whether the flip of one of the nodes is to come before anything counts."""
        patient = self._site.options.patient and not self._given_up
        return patient and not self._pending.isdisjoint(nodes)

    def has_no_effect_on(self, nodes: Iterable[str]) -> bool:
        """Whether the sentinel of one of the nodes was looked at, and never seen in its new state."""
        mine = [self._nodes[name] for name in nodes if name in self._pending]
        return any(node.sights and all(s.is_open is self.closing for s in node.sights) for node in mine)

    def give_up(self) -> None:
        """Wait for no flip any longer: the ceiling is reached."""
        self._given_up = True

    def hope(self) -> None:
        """Wait for flips again: what seemed to be the ceiling was not, since one was seen after all."""
        self._given_up = False

    def conclude(self, *, at_ceiling: bool) -> tuple[SentinelReading, ...]:
        """The readings of this flip. Nodes still pending ``at_ceiling`` never flipped; else it is unknown."""
        readings = []
        for name, node in sorted(self._nodes.items()):
            readings.append(self._reading(name, node, at_ceiling=at_ceiling))
            if name in self._pending:
                if readings[-1].flipped is False and self.closing and name not in self.not_enforced:
                    self.not_enforced.append(name)
                if readings[-1].flipped is None:
                    node.is_open = None
        self._pending.clear()
        return tuple(readings)

    def _reading(self, name: str, node: _Node, *, at_ceiling: bool) -> SentinelReading:
        if node.flipped_at is not None:
            seconds = round(max(0.0, node.flipped_at - self.written), 3)
            return SentinelReading(node=name, closing=self.closing, flipped=True, seconds=seconds)
        if name in self._pending and node.sights and at_ceiling:
            waited = round(self._site.now() - self.written, 3)
            return SentinelReading(node=name, closing=self.closing, flipped=False, seconds=waited)
        if self._overruled:
            detail = "a cluster-wide policy decides about the sentinels"
        elif name in self.not_enforced:
            detail = NO_EFFECT_BEFORE
        elif name not in self._pending:
            detail = "its state before the flip was not known, or it was in the new state already"
        elif not node.sights:
            detail = "no look at it brought evidence"
        else:
            detail = "all flows settled before it flipped"
        return SentinelReading(node=name, closing=self.closing, flipped=None, detail=detail)
