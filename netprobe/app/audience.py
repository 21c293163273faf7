"""Who is told of a command's results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from netprobe.app.metrics import Address
from netprobe.errors import NetprobeError
from netprobe.model.run import RunResult


class Audience(Protocol):
    """Gets the results of a command in the order in which they come."""

    def expect(self, count: int) -> None:
        """So many results will come, unless the command ends early."""

    def show(self, result: RunResult, journal: Path) -> None:
        """One run has ended; ``journal`` is its file."""

    def tell(self, error: NetprobeError) -> None:
        """Why a run broke off whose result was just shown; the others go on."""

    def conclude(self, results: Sequence[RunResult]) -> None:
        """These were all results; none when there was nothing."""

    def print_text(self, text: str) -> None:
        """A report that was asked for on standard output."""

    def serve(self, address: Address, text: str) -> None:
        """Metrics that were asked for at an address, to be served when all else is done."""
