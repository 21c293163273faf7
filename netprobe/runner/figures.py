"""Counts and durations of a run, for the report's foot."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from netprobe.runner.clock import Clock


class Figures:
    """Numbers by name, added up from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers: dict[str, float] = {}

    def add(self, name: str, amount: float = 1) -> None:
        """Add to a number; a new one begins at 0."""
        with self._lock:
            self._numbers[name] = self._numbers.get(name, 0) + amount

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Add the seconds that the block takes."""
        begin = self._clock.now()
        try:
            yield
        finally:
            self.add(name, self._clock.now() - begin)

    def read(self) -> Mapping[str, float]:
        """All numbers by name, rounded to milliseconds."""
        with self._lock:
            return {name: round(number, 3) for name, number in sorted(self._numbers.items())}
