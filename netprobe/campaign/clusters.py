"""Several clusters at the same time, each in a thread of its own, until the user stops them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from netprobe.campaign.relay import Relay
from netprobe.campaign.stopping import Stop
from netprobe.errors import RunInterrupted
from netprobe.runner.progress import Watcher

Result = TypeVar("Result")
Measure = Callable[[str, Watcher, Stop], Result]
"""Measures the cluster of this name; returns what it has as soon as the stop is asked for."""


class Named:
    """A watcher of one cluster among several: what it tells begins with the cluster's name."""

    def __init__(self, name: str, watcher: Watcher) -> None:
        self._name = name
        self._watcher = watcher

    def stage(self, text: str) -> None:
        """Tell the stage."""
        self._watcher.stage(f"{self._name}: {text}")

    def progress(self, done: int, total: int) -> None:
        """Tell the progress."""
        self._watcher.progress(done, total)

    def headline(self, text: str) -> None:
        """Tell the headline."""
        self._watcher.headline(f"{self._name}: {text}")

    def warning(self, text: str) -> None:
        """Tell the warning."""
        self._watcher.warning(f"{self._name}: {text}")


class _Distant:
    """A watcher in another thread: headlines go through the relay; stages of several would only mingle."""

    def __init__(self, name: str, relay: Relay) -> None:
        self._name = name
        self._relay = relay

    def stage(self, text: str) -> None:
        """Not told."""

    def progress(self, done: int, total: int) -> None:
        """Not told."""

    def headline(self, text: str) -> None:
        """Hand a headline on."""
        self._relay.put(lambda: self._relay.headline(f"{self._name}: {text}"))

    def warning(self, text: str) -> None:
        """Hand a warning on."""
        self._relay.put(lambda: self._relay.warning(f"{self._name}: {text}"))


def measure_side_by_side(
    names: Sequence[str], measure: Measure[Result], watcher: Watcher, width: int
) -> Mapping[str, Result]:
    """Return what ``measure`` made of each name, ``width`` of them at the same time.

    An interruption (RunInterrupted in the calling thread) has those that run return what they have, and
    begins no other: the answer lacks these. A second one waits for nobody: the answer has those that ended.
    Raises what a measurement raised, after the others ended.
    """
    crew = _Crew(measure=measure, relay=Relay(watcher, len(names), "clusters"), waiting=deque(names))
    crew.relay.put(lambda: crew.begin(width))
    while crew.waiting or crew.running:
        try:
            crew.relay.deliver()
        except RunInterrupted as interruption:
            if crew.stop.is_asked:
                break
            crew.waiting.clear()
            crew.stop.ask(interruption)
    if crew.error is not None:
        raise crew.error
    return crew.results


@dataclass(kw_only=True, slots=True)
class _Crew(Generic[Result]):
    """The measurements that go on. All of it belongs to the delivering thread, but for ``_work``."""

    measure: Measure[Result]
    relay: Relay
    waiting: deque[str]
    stop: Stop = field(default_factory=Stop)
    running: set[str] = field(default_factory=set)
    results: dict[str, Result] = field(default_factory=dict)
    error: BaseException | None = None

    def begin(self, count: int) -> None:
        """Begin so many more, if they wait."""
        for _ in range(min(count, len(self.waiting))):
            name = self.waiting.popleft()
            self.relay.began(name)  # first: an interruption here leaves nothing that is waited for
            self.running.add(name)
            # A daemon: who interrupts the cleanup, too, is not kept waiting for it.
            threading.Thread(target=self._work, args=(name,), daemon=True).start()

    def _work(self, name: str) -> None:
        try:
            result = self.measure(name, _Distant(name, self.relay), self.stop)
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            failed = error
            self.relay.put(lambda: self._failed(name, failed))
            return
        self.relay.put(lambda: self._ended(name, result))

    def _ended(self, name: str, result: Result) -> None:
        self.results[name] = result
        self._leave(name)

    def _failed(self, name: str, error: BaseException) -> None:
        self.error = self.error or error
        self.waiting.clear()
        self._leave(name)

    def _leave(self, name: str) -> None:
        self.running.discard(name)
        self.relay.ended(name)
        self.begin(1)
