"""The cells of a truth table: what was expected and what was seen, in one short word each."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from netprobe.model.finding import Finding, Kind, Seen, Verdict
from netprobe.report.ink import Ink


class Cell(Enum):
    """A cell: its symbol, its meaning in words, and its ink. The order is that of the legend."""

    OPEN = ("·", "open, as the policies say", Ink.GOOD)
    CLOSED = ("X", "blocked, as the policies say", Ink.GOOD)
    UNRESOLVED = ("N", "the name is not resolved, as the policies say (this shows DNS only)", Ink.GOOD)
    LEAK = ("LEAK", "the policies deny it, the network lets it through", Ink.BAD)
    BLOCKED = ("BLOCKED", "the policies allow it, the network blocks it", Ink.BAD)
    MISTAKE = ("MISTAKE", "the policies differ from the intent", Ink.BAD)
    DOUBT = ("?", "inconclusive", Ink.DOUBT)
    UNDEFINED_OPEN = ("~·", "undefined by Kubernetes, seen open", Ink.DOUBT)
    UNDEFINED_CLOSED = ("~X", "undefined by Kubernetes, seen blocked", Ink.DOUBT)
    UNDEFINED = ("~?", "undefined by Kubernetes, nothing seen", Ink.DOUBT)
    SKIPPED = ("skip", "not possible here", Ink.DOUBT)
    NO_FLOW = ("-", "not a flow of this scenario", Ink.FAINT)

    def __init__(self, symbol: str, words: str, ink: Ink) -> None:
        self.symbol = symbol
        self.words = words
        self.ink = ink

    @property
    def is_expected(self) -> bool:
        """Whether a reader may pass over the cell: as expected, or no flow."""
        return self in (Cell.OPEN, Cell.CLOSED, Cell.UNRESOLVED, Cell.NO_FLOW)


_KINDS = {Kind.LEAK: Cell.LEAK, Kind.BLOCKED: Cell.BLOCKED, Kind.POLICY_MISTAKE: Cell.MISTAKE}
_PASSED = {Seen.OPEN: Cell.OPEN, Seen.NAME_FAILED: Cell.UNRESOLVED}
_UNDEFINED = {
    Seen.OPEN: Cell.UNDEFINED_OPEN,
    Seen.CLOSED: Cell.UNDEFINED_CLOSED,
    Seen.NAME_FAILED: Cell.UNDEFINED_CLOSED,
}


def cell_of(finding: Finding) -> Cell:
    """Return the cell that shows ``finding``."""
    match finding.verdict:
        case Verdict.FAIL:
            return _KINDS[finding.kind or Kind.POLICY_MISTAKE]
        case Verdict.INCONCLUSIVE:
            return Cell.DOUBT
        case Verdict.UNDEFINED:
            return _UNDEFINED.get(finding.seen, Cell.UNDEFINED)
        case Verdict.SKIP:
            return Cell.SKIPPED
        case Verdict.PASS:
            return _PASSED.get(finding.seen, Cell.CLOSED)


def legend_of(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the cells to be explained: each that occurs, once, in the legend's order."""
    present = set(cells)
    return tuple(cell for cell in Cell if cell in present)
