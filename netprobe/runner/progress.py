"""How a run tells what it is doing, while it is doing it."""

from __future__ import annotations

from typing import Protocol


class Watcher(Protocol):
    """Somebody who watches a run; called from the thread that started it."""

    def stage(self, text: str) -> None:
        """A new stage begins."""

    def progress(self, done: int, total: int) -> None:
        """So many flows of this stage are settled."""

    def headline(self, text: str) -> None:
        """A finding about the cluster as a whole that cannot wait for the report."""

    def warning(self, text: str) -> None:
        """Something that the reader should know, though the run goes on."""


class Nobody:
    """A watcher who does not look."""

    def stage(self, text: str) -> None:
        """Not looked at."""

    def progress(self, done: int, total: int) -> None:
        """Not looked at."""

    def headline(self, text: str) -> None:
        """Not looked at."""

    def warning(self, text: str) -> None:
        """Not looked at."""
