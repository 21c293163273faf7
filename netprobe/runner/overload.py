"""Not measuring our own overload: how many flows are in flight, and how fast new ones begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from netprobe.cluster.port import Limits
from netprobe.model.flow import PodRef
from netprobe.runner.clock import Clock

HALVINGS = 3
"""How often the batches of one source are made smaller before its own dial counts as broken."""

Item = TypeVar("Item")


class Budget:
    """The limits of a run, narrowed where a pod's own dial shows that they were too wide."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._clock = clock
        self._per_second = limits.connections_per_second
        self._own_dial_seconds = limits.own_dial_seconds
        self.flows_in_flight = max(1, limits.flows_in_flight)
        self._per_source: dict[PodRef, int] = {}
        self._halvings: dict[PodRef, int] = {}
        self._free_from = clock.now()

    @property
    def own_dial_seconds(self) -> float:
        """Above that a pod's own dial counts as slow."""
        return self._own_dial_seconds

    def limit_of(self, source: PodRef) -> int:
        """How many flows of one source may be in flight."""
        return min(self._per_source.get(source, self.flows_in_flight), self.flows_in_flight)

    def can_halve(self, source: PodRef) -> bool:
        """Whether smaller batches of this source are still to be tried."""
        return self._halvings.get(source, 0) < HALVINGS

    def halve(self, voided: Iterable[tuple[PodRef, int]], batches: int) -> None:
        """Halve the flows of each voided batch's source (given with its flows), of ``batches`` in the wave.

        When most batches of a wave were void it is not one pod: then everything is halved.
        """
        voided = tuple(voided)
        for source, flows in voided:
            self._per_source[source] = max(1, flows // 2)
            self._halvings[source] = self._halvings.get(source, 0) + 1
        if batches > 1 and 2 * len(voided) > batches:
            self.flows_in_flight = max(1, self.flows_in_flight // 2)

    def pace(self, connections: int) -> None:
        """Wait until the budget of new connections per second allows so many more."""
        if self._per_second is None:
            return
        self._clock.wait(self._free_from - self._clock.now())
        self._free_from = self._clock.now() + connections / self._per_second

    def waves(self, by_source: Sequence[tuple[PodRef, Sequence[Item]]]) -> list[dict[PodRef, list[Item]]]:
        """Split the items of each source into waves, none above the limits; each source once per wave."""
        waves: list[dict[PodRef, list[Item]]] = []
        sizes: list[int] = []
        for source, items in by_source:
            at = 0
            for chunk in _chunks(items, self.limit_of(source)):
                while at < len(waves) and (sizes[at] + len(chunk) > self.flows_in_flight):
                    at += 1
                if at == len(waves):
                    waves.append({})
                    sizes.append(0)
                waves[at][source] = list(chunk)
                sizes[at] += len(chunk)
                at += 1
        return waves


def _chunks(items: Sequence[Item], size: int) -> Iterable[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
