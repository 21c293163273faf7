"""Hear of ended children in a select loop."""

from __future__ import annotations

import os
import signal
from types import TracebackType
from typing import Self


class ChildSignals:
    """A file-like object that becomes readable when a child of this process has ended."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    def __enter__(self) -> Self:
        """Begin to listen; the main thread only."""
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self._reader)
        os.close(self._writer)

    def fileno(self) -> int:
        """For selectors."""
        return self._reader

    def clear(self) -> None:
        """Forget what was heard; call it before reaping."""
        try:
            while os.read(self._reader, 4096):
                pass
        except BlockingIOError:
            return


def _note(_number: int, _frame: object) -> None:
    """Do nothing: the wake-up file descriptor has been written to already."""
