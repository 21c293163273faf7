"""Rows of a comparison as a page shows them: marks, numbers, a sentence, and evidence to unfold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netprobe.model.audit import Enforcement
from netprobe.model.comparison import Cell, Column, Comparison, Row, RowKind, Standing
from netprobe.report.comparison.wording import short
from netprobe.report.html.marks import Mark, Tone, mark, mark_of_enforcement

_TONES = {
    Standing.GOOD: Tone.GOOD,
    Standing.BAD: Tone.BAD,
    Standing.LEFT_OPEN: Tone.UNDEFINED,
    Standing.UNKNOWN: Tone.DOUBT,
    Standing.NEUTRAL: Tone.FAINT,
}
_DEPTHS = {RowKind.STEP: 1, RowKind.FLOW: 2}
_NOT_PROBED = mark("not probed", Tone.FAINT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A cell: its mark, and numbers below it."""

    mark: Mark
    numbers: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What one column has to show for its verdict."""

    label: str
    mark: Mark
    numbers: str
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A row. ``depth`` indents steps and flows; ``anchor`` is where a link to it leads."""

    title: str
    name: str
    depth: int
    cells: tuple[Shown, ...]
    sentence: str
    evidence: tuple[Evidence, ...]
    anchor: str = ""


def entry_of(row: Row, columns: Sequence[Column]) -> Entry:
    """Return the row with what every column has to show."""
    return Entry(
        title=f"scenario: {row.title}" if row.kind is RowKind.SCENARIO else row.title,
        name=row.name if row.kind is RowKind.FEATURE else "",
        depth=_DEPTHS.get(row.kind, 0),
        cells=tuple(_shown(cell, row.kind) for cell in row.cells),
        sentence=row.sentence,
        evidence=tuple(_evidence(row, columns)),
        anchor=f"feature-{row.name}" if row.kind is RowKind.FEATURE else "",
    )


def mark_of_network(column: Column, comparison: Comparison) -> Mark | None:
    """The mark of a column's whole network; None where none was audited."""
    at = comparison.columns.index(column)
    cells = [row.cells[at] for row in comparison.rows if row.kind is RowKind.NETWORK]
    return _mark(cells[0], RowKind.NETWORK) if cells and cells[0] is not None else None


def _shown(cell: Cell | None, kind: RowKind) -> Shown:
    if cell is None:
        return Shown(mark=_NOT_PROBED)
    return Shown(mark=_mark(cell, kind), numbers=_numbers(cell, kind))


def _mark(cell: Cell, kind: RowKind) -> Mark:
    if cell.verdict == Enforcement.PARTIALLY_ENFORCED:
        return mark_of_enforcement(Enforcement.PARTIALLY_ENFORCED)
    word = cell.verdict
    if kind is RowKind.FLOW and cell.standing is Standing.LEFT_OPEN:
        word = f"{cell.seen}, {cell.verdict}"
    elif kind is RowKind.FLOW and cell.standing in (Standing.GOOD, Standing.BAD):
        word = short(cell, kind)
    return mark(word, _TONES[cell.standing])


def _numbers(cell: Cell, kind: RowKind) -> str:
    if kind in (RowKind.NETWORK, RowKind.FLOW):
        return ""
    total = cell.agreed + cell.leaks + cell.blocks + cell.mistakes
    counts = (
        (cell.leaks, f"of {total:,} leak"),
        (cell.blocks, f"of {total:,} blocked"),
        (cell.mistakes, f"of {total:,} policy mistakes"),
        (cell.unanswered, "without an answer"),
    )
    told = ", ".join(f"{count:,} {words}" for count, words in counts if count)
    return told or (f"{cell.agreed:,} agree" if cell.agreed else "")


def _evidence(row: Row, columns: Sequence[Column]) -> Iterator[Evidence]:
    for column, cell in zip(columns, row.cells, strict=True):
        if cell is None:
            continue
        texts = tuple(dict.fromkeys((*cell.evidence, *((cell.reason,) if cell.reason else ()))))
        if texts:
            yield Evidence(
                label=column.label, mark=_mark(cell, row.kind), numbers=_numbers(cell, row.kind), texts=texts
            )
