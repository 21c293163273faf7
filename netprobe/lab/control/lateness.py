"""Nodes that load their rules some time after they should."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence


class Lateness:
    """Says which nodes are due: each one some random time, up to ``most`` seconds, after its rules changed.

    A node that waits already takes what changes meanwhile along, so no change is ever later than that.
    """

    def __init__(self, most: float, draw: Callable[[], float] = random.random) -> None:
        """``draw`` returns a number from 0 to 1 for each wait."""
        self._most = most
        self._draw = draw
        self._waiting: dict[str, float] = {}

    def due(self, outdated: Collection[str], now: float) -> Sequence[str]:
        """The outdated nodes that load now; the others wait, and one that is up to date does so no more."""
        if not self._most:
            return tuple(outdated)
        for node in self._waiting.keys() - set(outdated):
            del self._waiting[node]
        for node in outdated:
            if node not in self._waiting:
                self._waiting[node] = now + self._most * self._draw()
        ready = tuple(node for node, moment in self._waiting.items() if moment <= now)
        for node in ready:
            del self._waiting[node]
        return ready

    @property
    def next(self) -> float | None:
        """When the next waiting node is due; None when none waits."""
        return min(self._waiting.values(), default=None)
