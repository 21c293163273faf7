"""Who is told of a command's results."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from netprobe.errors import NetprobeError
from netprobe.model.run import RunResult


class Audience(Protocol):
    """Gets the results of a command in the order in which they come."""

    def show(self, result: RunResult, journal: Path) -> None:
        """One run has ended; ``journal`` is its file."""

    def tell(self, error: NetprobeError) -> None:
        """Why a run broke off whose result was just shown; the others go on."""

    def print_text(self, text: str) -> None:
        """A report that was asked for on standard output."""
