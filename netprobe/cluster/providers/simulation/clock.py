"""Virtual time: hours in milliseconds, consistent among threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

Result = TypeVar("Result")


class VirtualClock:
    """A clock that moves when everyone who could act is waiting.

    With ``grace`` 0 (one thread) ``wait`` moves the time at once. With several threads give a grace,
    in real seconds: time moves to the earliest wake-up once nobody has started to wait for that
    long, so that waits which begin together also pass together. Jobs handed to ``together`` start
    at the same moment and need no grace: that is the deterministic way.
    """

    def __init__(self, start: float = 1000.0, grace: float = 0.0) -> None:
        self._now = start
        self._grace = grace
        self._changed = threading.Condition()
        self._wakeups: list[float] = []
        self._arrivals = 0

    def now(self) -> float:
        """Seconds on this clock."""
        with self._changed:
            return self._now

    def wait(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        with self._changed:
            until = self._now + max(0.0, seconds)
            if not self._grace:
                self._now = until
                return
            self._wakeups.append(until)
            self._arrivals += 1
            self._changed.notify_all()
            try:
                while self._now < until:
                    self._wait_for_quiet(until)
            finally:
                self._wakeups.remove(until)
                self._changed.notify_all()

    def together(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        """Run the jobs one after the other as if at the same time: the slowest one counts.

        Raises what the first failing job raised, after all have run.
        """
        start = end = self.now()
        results: list[Result] = []
        failures: list[Exception] = []
        for job in jobs:
            self._set(start)
            try:
                results.append(job())
            except Exception as failure:  # noqa: BLE001 - raised below, when the others have had their turn
                failures.append(failure)
            end = max(end, self.now())
        self._set(end)
        if failures:
            raise failures[0]
        return results

    def _set(self, moment: float) -> None:
        with self._changed:
            self._now = moment

    def _wait_for_quiet(self, until: float) -> None:
        arrivals = self._arrivals
        moved = self._changed.wait(self._grace)
        if not moved and arrivals == self._arrivals and until == min(self._wakeups):
            self._now = max(self._now, until)
            self._changed.notify_all()
