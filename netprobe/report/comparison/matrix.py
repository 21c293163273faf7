"""The matrix of a comparison on a terminal: rows down, clusters across, cut where the page ends."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from netprobe.model.comparison import Comparison, Row, RowKind, Standing
from netprobe.report.comparison.wording import LEGEND, short
from netprobe.report.grid import GAP, Head, Sheet, cut, grid_lines
from netprobe.report.grid import Row as Line
from netprobe.report.ink import Ink, Painter

_INKS = {
    Standing.GOOD: Ink.GOOD,
    Standing.BAD: Ink.BAD,
    Standing.LEFT_OPEN: Ink.DOUBT,
    Standing.UNKNOWN: Ink.DOUBT,
    Standing.NEUTRAL: Ink.FAINT,
}
_FEATURES = "features"
_NARROWEST = 12
"""Room that a column is left, gap included."""

_MOST_FLOWS = 12
"""So many flows are shown, or none: each of thousands may differ."""

_WIDEST = 20
"""A label that is longer would be cut."""


def matrix_lines(comparison: Comparison, width: int, painter: Painter, *, verbose: bool) -> Iterator[str]:
    """Rows that differ or are not good; all of them if ``verbose``. Labels that are long get letters."""
    candidates = [row for row in comparison.common if row.kind is not RowKind.NETWORK]
    rows = candidates if verbose else _telling(candidates)
    if not rows:
        if candidates:
            yield f"{len(candidates)} rows are good everywhere (-v lists them)"
        return
    shown = [at for at in range(len(comparison.columns)) if not _is_silent(at, candidates)]
    if not shown:
        return
    room = _label_room(rows, len(shown), width)
    heads, key = _heads([comparison.columns[at].label for at in shown], width - 2 - room)
    yield from key
    yield from _legend(rows, width)

    def cell(row: int, column: int) -> tuple[str, Ink | None]:
        found = rows[row].cells[shown[column]]
        return short(found, rows[row].kind), Ink.FAINT if found is None else _INKS[found.standing]

    lines = [Line(namespace=_group(row), label=_label(row)) for row in rows]
    sheet = Sheet(rows=lines, heads=heads, cell=cell, corner="", widest_label=room)
    for grid in cut(sheet, width - 2, painter):
        yield ""
        yield from (f"  {line}".rstrip() for line in grid_lines(grid, painter))
    yield from _hidden(candidates, rows)


def _telling(rows: Sequence[Row]) -> list[Row]:
    """Rows that are not good everywhere; flows only where they are few."""
    bad = [row for row in rows if not _is_good(row)]
    many = sum(row.kind is RowKind.FLOW for row in bad) > _MOST_FLOWS
    return [row for row in bad if row.kind is not RowKind.FLOW or not many]


def _hidden(rows: Sequence[Row], shown: Sequence[Row]) -> Iterator[str]:
    good = sum(_is_good(row) for row in rows)
    flows = len(rows) - len(shown) - good
    told = [f"{good} that are good everywhere"] if good and len(shown) < len(rows) else []
    told += [f"{flows} flows that differ"] if flows > 0 else []
    if told:
        yield ""
        yield f"  and {' and '.join(told)} (-v lists them)"


def _is_good(row: Row) -> bool:
    return all(cell is not None and cell.standing is Standing.GOOD for cell in row.cells)


def _is_silent(at: int, rows: Sequence[Row]) -> bool:
    """Whether a column has nothing to show: why, is told beside its label."""
    cells = [row.cells[at] for row in rows]
    return all(cell is None or cell.standing is Standing.UNKNOWN for cell in cells)


def _label_room(rows: Sequence[Row], columns: int, width: int) -> int:
    """As wide as the labels of features and steps are, unless the columns need the place."""
    wanted = max((len(_label(row)) + 2 for row in rows if row.kind is not RowKind.FLOW), default=0)
    longest = max((len(_label(row)) + 2 for row in rows), default=0)
    least = max(12, width // 3)
    spare = width - 2 - _NARROWEST * columns
    return max(least, min(max(wanted, min(longest, width // 2)), max(spare, width // 2)))


def _heads(labels: Sequence[str], room: int) -> tuple[list[Head], list[str]]:
    """The heads of the columns, and a key to them where letters stand for labels that do not fit."""
    if sum(len(label) + GAP for label in labels) <= room and max(map(len, labels)) <= _WIDEST:
        return [Head(namespace="", above="", name=label, port="") for label in labels], []
    letters = [_letter(number) for number in range(len(labels))]
    widest = max(map(len, letters))
    heads = [Head(namespace="", above="", name=letter, port="") for letter in letters]
    key = [f"  {letter.ljust(widest)}  {label}" for letter, label in zip(letters, labels, strict=True)]
    return heads, [*key, ""]


def _letter(number: int) -> str:
    """``A`` to ``Z``, then ``A1`` and so on."""
    turn, at = divmod(number, 26)
    return f"{chr(ord('A') + at)}{turn or ''}"


def _legend(rows: Sequence[Row], width: int) -> Iterator[str]:
    shown = {short(cell, row.kind) for row in rows for cell in row.cells}
    for word, meaning in LEGEND.items():
        if any(word in text if word.isupper() else text.startswith(word) for text in shown):
            yield from textwrap.wrap(f"  {word.ljust(9)}{meaning}", width, subsequent_indent=" " * 11)


def _group(row: Row) -> str:
    if row.kind is RowKind.FEATURE:
        return _FEATURES
    return f"scenario {row.name.split('/')[0]}"


def _label(row: Row) -> str:
    if row.kind is RowKind.SCENARIO:
        return "all of it"
    return f"  {row.title}" if row.kind is RowKind.FLOW else row.title
