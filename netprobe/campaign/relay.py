"""What several runs tell at the same time, told by one thread to one watcher."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue

from netprobe.runner.progress import Watcher

Call = Callable[[], None]


class Relay:
    """Takes what runs tell from their threads, and tells it when ``deliver`` is called.

    Stages of single runs would drown each other: one line says which scenarios run. The same headline
    (NetworkPolicy is not enforced on node1) is told once, not once a run.
    """

    def __init__(self, watcher: Watcher, total: int, noun: str = "scenarios") -> None:
        self._watcher = watcher
        self._total = total
        self._noun = noun
        self._calls: SimpleQueue[Call | None] = SimpleQueue()
        self._running: dict[str, str] = {}
        self._done = 0
        self._headlines: set[str] = set()

    def listener(self, name: str) -> Listener:
        """Return the watcher for the run of the scenario ``name``."""
        return Listener(name, self)

    def put(self, call: Call | None) -> None:
        """Have ``call`` called by the thread that delivers; None only wakes it up."""
        self._calls.put(call)

    def deliver(self) -> None:
        """Wait for one thing that is told, and tell it."""
        call = self._calls.get()
        if call is not None:
            call()

    def began(self, name: str) -> None:
        """A run has begun."""
        self._running[name] = ""
        self._tell()

    def ended(self, name: str) -> None:
        """A run has ended."""
        del self._running[name]
        self._done += 1
        if self._running:
            self._tell()

    def headline(self, text: str) -> None:
        """Tell a headline, if it is a new one."""
        if text not in self._headlines:
            self._headlines.add(text)
            self._watcher.headline(text)

    def warning(self, text: str) -> None:
        """Tell a warning."""
        self._watcher.warning(text)

    def _tell(self) -> None:
        names = ", ".join(self._running)
        self._watcher.stage(f"{self._done} of {self._total} {self._noun} done; running {names}")


class Listener:
    """The watcher of one run among several."""

    def __init__(self, name: str, relay: Relay) -> None:
        self._name = name
        self._relay = relay

    def stage(self, text: str) -> None:
        """Not told: other runs are in other stages."""

    def progress(self, done: int, total: int) -> None:
        """Not told."""

    def headline(self, text: str) -> None:
        """Hand a headline on."""
        self._relay.put(lambda: self._relay.headline(text))

    def warning(self, text: str) -> None:
        """Hand a warning on, with the scenario's name."""
        self._relay.put(lambda: self._relay.warning(f"{self._name}: {text}"))
