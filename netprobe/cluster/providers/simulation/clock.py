"""Virtual time: hours pass in milliseconds, and jobs run together without threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Result = TypeVar("Result")


class VirtualClock:
    """A clock that moves only by waiting. For one thread."""

    def __init__(self, start: float = 1000.0) -> None:
        self._now = start

    def now(self) -> float:
        """Seconds on this clock."""
        return self._now

    def wait(self, seconds: float) -> None:
        """Let seconds pass: at once."""
        self._now += max(0.0, seconds)

    def together(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        """Run the jobs one after the other as if at the same time: the slowest one counts.

        Raises what the first failing job raised, after all have run.
        """
        start = end = self._now
        results: list[Result] = []
        failures: list[Exception] = []
        for job in jobs:
            self._now = start
            try:
                results.append(job())
            except Exception as failure:  # noqa: BLE001 - raised below, when the others have had their turn
                failures.append(failure)
            end = max(end, self._now)
        self._now = end
        if failures:
            raise failures[0]
        return results
