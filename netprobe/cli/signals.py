"""Signals that end a run become RunInterrupted, so that it ends with its report and its cleanup."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from netprobe.errors import RunInterrupted

_WORDS = {
    signal.SIGINT: "stopped by Ctrl-C (SIGINT)",
    signal.SIGTERM: "stopped by SIGTERM",
    signal.SIGHUP: "stopped because the terminal went away (SIGHUP)",
}


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise RunInterrupted in the main thread when a signal asks to stop, while the block runs.

    A signal that the parent told us to ignore (nohup) stays ignored.
    """
    before = {number: signal.getsignal(number) for number in _WORDS}
    listened = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in listened:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in listened:
            signal.signal(number, before[number])


def _interrupt(number: int, frame: FrameType | None) -> None:
    del frame
    raise RunInterrupted(_WORDS[signal.Signals(number)], signal_number=number)
