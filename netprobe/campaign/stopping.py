"""How runs in other threads hear that the user wants them to end: at the next look at their clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from netprobe.errors import RunInterrupted
from netprobe.runner.clock import Clock

Result = TypeVar("Result")


class Stop:
    """Whether the user asked for an end. Python raises a signal's exception in the main thread only."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._words: tuple[str, int] = ("", 0)

    @property
    def is_asked(self) -> bool:
        """Whether somebody asked."""
        return self._asked.is_set()

    def ask(self, interruption: RunInterrupted) -> None:
        """Ask every run to end as if ``interruption`` had been raised in it."""
        self._words = (interruption.message, interruption.signal_number)
        self._asked.set()

    def heed(self, seconds: float = 0.0) -> None:
        """Let seconds pass; raises RunInterrupted as soon as an end is asked for."""
        if self._asked.wait(max(0.0, seconds)):
            message, number = self._words
            raise RunInterrupted(message, signal_number=number)


class StoppableClock:
    """A clock of real seconds whose waits end when a stop is asked for."""

    def __init__(self, clock: Clock, stop: Stop) -> None:
        self._clock = clock
        self._stop = stop

    def now(self) -> float:
        """Seconds on the clock beneath; never raises, since cleaning up looks at it, too."""
        return self._clock.now()

    def wait(self, seconds: float) -> None:
        """Let seconds pass; raises RunInterrupted when a stop is asked for."""
        self._stop.heed(seconds)

    def together(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        """Run the jobs at the same time; raises RunInterrupted when a stop was asked for before or since."""
        self._stop.heed()
        results = self._clock.together(jobs)
        self._stop.heed()
        return results
