"""Time and concurrency of a run, both injected so that tests need neither seconds nor threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Clock(Protocol):
    """What a run knows of time."""

    def now(self) -> float:
        """Seconds on a clock that never goes back."""

    def wait(self, seconds: float) -> None:
        """Let seconds pass."""

    def together(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        """Run the jobs at the same time; their results in the order of the jobs.

        Raises what the first failing job (in that order) raised, after all have ended.
        """


class SystemClock:
    """Real seconds and real threads: the only threads of a run. ``width`` jobs run at the same time."""

    def __init__(self, width: int = 512) -> None:
        self._width = width
        self._never = threading.Event()

    def now(self) -> float:
        """Seconds on the monotonic clock."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Let seconds pass; a signal handler's exception ends it."""
        if seconds > 0:
            self._never.wait(seconds)

    def together(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        """Run the jobs in threads.

        An exception in the waiting thread (an interruption) leaves at once those jobs that did not
        start; those that run end by their own deadlines, or when their sessions are closed.
        """
        if len(jobs) == 1:
            return [jobs[0]()]
        pool = ThreadPoolExecutor(max_workers=max(1, min(self._width, len(jobs))))
        try:
            futures = [pool.submit(job) for job in jobs]
            wait(futures)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return [future.result() for future in futures]
