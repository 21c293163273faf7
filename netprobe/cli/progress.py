"""A run while it runs: a bar on a terminal, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from netprobe.runner.progress import Nobody

_QUARTERS = 4


class Lines:
    """A watcher for logs: a line for each stage, and one for each quarter of its flows."""

    def __init__(self, print_line: Callable[[str], None]) -> None:
        self._print = print_line
        self._quarter = 0

    def stage(self, text: str) -> None:
        """Print the stage."""
        self._quarter = 0
        self._print(f"netprobe: {text}")

    def progress(self, done: int, total: int) -> None:
        """Print how far it got, when another quarter is done."""
        quarter = _QUARTERS * done // total if total else 0
        if quarter > self._quarter:
            self._quarter = quarter
            self._print(f"netprobe: {done} of {total} flows settled")

    def headline(self, text: str) -> None:
        """Print the headline at once."""
        self._print(f"netprobe: {text}")

    def warning(self, text: str) -> None:
        """Print the warning."""
        self._print(f"netprobe: warning: {text}")

    def pause(self) -> None:
        """Make room for a report."""


class Bar:
    """A watcher for terminals: one bar for the present stage; headlines stay above it."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False)
        self._progress: Progress | None = None
        self._text = ""

    def stage(self, text: str) -> None:
        """Begin a new bar."""
        self.pause()
        self._text = text
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._progress.add_task(escape(text), total=None, count="")
        self._progress.start()

    def progress(self, done: int, total: int) -> None:
        """Move the bar."""
        if self._progress is not None:
            self._progress.update(
                self._progress.task_ids[0], completed=done, total=total, count=f"{done} of {total}"
            )

    def headline(self, text: str) -> None:
        """Print the headline above the bar."""
        self._console.print(escape(text), style="bold red")

    def warning(self, text: str) -> None:
        """Print the warning above the bar."""
        self._console.print(escape(f"warning: {text}"), style="yellow")

    def pause(self) -> None:
        """Take the bar away, to make room for a report; the next stage brings another."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


class Silent(Nobody):
    """A watcher for ``--quiet``: only what the reader must know."""

    def __init__(self, print_line: Callable[[str], None]) -> None:
        self._print = print_line

    def warning(self, text: str) -> None:
        """Print the warning: it may name what is left behind."""
        self._print(f"netprobe: warning: {text}")

    def pause(self) -> None:
        """Nothing is in the way of a report."""


LiveWatcher = Lines | Bar | Silent
"""A watcher that can make room for a report."""


def watcher_for(stream: TextIO, print_line: Callable[[str], None], *, quiet: bool) -> LiveWatcher:
    """Return the watcher that suits ``stream``: silent, a bar on a terminal that can draw one, else lines."""
    if quiet:
        return Silent(print_line)
    draws = stream.isatty() and os.environ.get("TERM") != "dumb"
    return Bar(stream) if draws else Lines(print_line)
