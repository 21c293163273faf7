"""Signals that end a run become RunInterrupted, so that it ends with its report and its cleanup."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from netprobe.errors import RunInterrupted

_WORDS = {
    signal.SIGINT: "stopped by Ctrl-C (SIGINT)",
    signal.SIGTERM: "stopped by SIGTERM",
    signal.SIGHUP: "stopped because the terminal went away (SIGHUP)",
}


@dataclass(kw_only=True, slots=True)
class Interruption:
    """Whether a signal stopped the run; ``number`` is the first one's, None when there was none."""

    number: int | None = None

    def exit_code(self, otherwise: int) -> int:
        """Return 128 and the signal's number, as a shell does; ``otherwise`` without a signal."""
        return otherwise if self.number is None else 128 + self.number


@contextmanager
def wait_for_the_end() -> Iterator[threading.Event]:
    """Give an event that a signal sets which asks to stop, while the block runs."""
    stopped = threading.Event()
    before = {number: signal.getsignal(number) for number in _WORDS}
    listened = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in listened:
        signal.signal(number, lambda *_: stopped.set())
    try:
        yield stopped
    finally:
        for number in listened:
            signal.signal(number, before[number])


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Raise RunInterrupted in the main thread when a signal asks to stop, while the block runs.

    A signal that the parent told us to ignore (nohup) stays ignored.
    """
    interruption = Interruption()

    def interrupt(number: int, frame: FrameType | None) -> None:
        del frame
        interruption.number = interruption.number or number
        raise RunInterrupted(_WORDS[signal.Signals(number)], signal_number=number)

    before = {number: signal.getsignal(number) for number in _WORDS}
    listened = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in listened:
        signal.signal(number, interrupt)
    try:
        yield interruption
    finally:
        for number in listened:
            signal.signal(number, before[number])
