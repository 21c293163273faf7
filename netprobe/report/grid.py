"""A table cut into grids of text that fit a page, and the lines of such a grid: the door to tabulate."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tabulate import SEPARATING_LINE, DataRow, Line, TableFormat, tabulate

from netprobe.report.ink import Ink, Painter

GAP = 2
"""Blanks between two columns."""

_NAMESPACE_ROOM = 14
_NAME_ROOM = 20
_FORMAT = TableFormat(
    lineabove=None,
    linebelowheader=Line("", "─", "  ", ""),
    linebetweenrows=None,
    linebelow=None,
    headerrow=DataRow("", "  ", ""),
    datarow=DataRow("", "  ", ""),
    padding=0,
    with_header_hide=None,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a sheet: its label stands below its namespace."""

    namespace: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The head of a column: a word above the name (may be empty), the name, the port."""

    namespace: str
    above: str
    name: str
    port: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A whole table: ``cell`` gives the text and the ink at a row and a column, by their numbers.

    ``corner`` stands above the labels of the rows, which are shortened to ``widest_label`` (None: a third
    of the page).
    """

    rows: Sequence[Row]
    heads: Sequence[Head]
    cell: Callable[[int, int], tuple[str, Ink | None]]
    corner: str = "from ↓ to →"
    widest_label: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A piece of a table: ``header`` lines and ``body`` rows of equally many texts.

    ``namespaces`` holds one text per column of the header line that goes above, the row labels' own
    column included; equal neighbours are one namespace and are printed once.
    """

    namespaces: tuple[str, ...]
    header: tuple[tuple[str, ...], ...]
    body: tuple[tuple[str, ...], ...]


def cut(sheet: Sheet, width: int, painter: Painter) -> Iterator[Grid]:
    """Yield the grids of ``sheet``, each at most ``width`` wide, split by columns.

    A label that would take more than a third of the width is shortened in its middle.
    """
    labels = _row_labels(sheet.rows, sheet.widest_label or max(12, width // 3))
    taken = max((len(text) for text, _ in labels), default=0)
    for columns in _chunks(sheet, width - taken):
        heads = _heads([sheet.heads[column] for column in columns])
        yield Grid(
            namespaces=("", *(sheet.heads[column].namespace for column in columns)),
            header=tuple((left, *line) for left, line in zip(("", sheet.corner, ""), heads, strict=True)),
            body=tuple(_row(text, number, columns, sheet, painter) for text, number in labels),
        )


def shorten(text: str, limit: int) -> str:
    """Return ``text`` within ``limit`` characters, ``…`` standing for its middle."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"


def _row_labels(rows: Sequence[Row], limit: int) -> tuple[tuple[str, int | None], ...]:
    """Return the row labels: a line for each namespace, its rows indented below."""
    labels: list[tuple[str, int | None]] = []
    namespace = None
    for number, row in enumerate(rows):
        if row.namespace != namespace:
            namespace = row.namespace
            labels.append((shorten(namespace, limit), None))
        labels.append((f"  {shorten(row.label, limit - 2)}", number))
    return tuple(labels)


def _row(
    label: str, number: int | None, columns: Sequence[int], sheet: Sheet, painter: Painter
) -> tuple[str, ...]:
    if number is None:
        return (painter.paint(label, Ink.STRONG), *("" for _ in columns))
    return (label, *(painter.paint(*sheet.cell(number, column)) for column in columns))


def _chunks(sheet: Sheet, room: int) -> Iterator[list[int]]:
    """Yield runs of columns that fit ``room``; at least one column each."""
    chunk: list[int] = []
    taken = 0
    for column, head in enumerate(sheet.heads):
        cells = (len(sheet.cell(row, column)[0]) for row in range(len(sheet.rows)))
        needed = GAP + max(*(len(line) for line in _head(head)), *cells)
        if chunk and taken + needed > room:
            yield chunk
            chunk, taken = [], 0
        if not chunk or sheet.heads[chunk[-1]].namespace != head.namespace:
            needed = max(needed, GAP + min(len(head.namespace), _NAMESPACE_ROOM))
        chunk.append(column)
        taken += needed
    if chunk:
        yield chunk


def _head(head: Head) -> tuple[str, str, str]:
    return shorten(head.above, _NAME_ROOM), shorten(head.name, _NAME_ROOM), head.port


def _heads(heads: Sequence[Head]) -> tuple[tuple[str, ...], ...]:
    """Return the header lines; the first column of a namespace is widened to show its name."""
    texts = [list(_head(head)) for head in heads]
    previous = None
    for text, head in zip(texts, heads, strict=True):
        if head.namespace != previous:
            text[1] = text[1].ljust(min(len(head.namespace), _NAMESPACE_ROOM))
        previous = head.namespace
    return tuple(zip(*texts, strict=True))


def grid_lines(grid: Grid, painter: Painter) -> Iterator[str]:
    """Yield the lines of a grid."""
    header = [line for line in grid.header if any(text.strip() for text in line)]
    rows = [*header, SEPARATING_LINE, *grid.body]
    text = tabulate(rows, tablefmt=_FORMAT, disable_numparse=True, stralign="left", preserve_whitespace=True)
    lines = text.splitlines()
    rule = lines[len(header)]
    if any(grid.namespaces):
        yield painter.paint(_namespace_line(grid.namespaces, rule).rstrip(), Ink.STRONG)
    yield from lines[: len(header)]
    yield painter.paint(rule, Ink.FAINT)
    yield from lines[len(header) + 1 :]


def _namespace_line(namespaces: Sequence[str], rule: str) -> str:
    """Write each namespace once above the columns that belong to it, cut where the next begins."""
    spans = [match.span() for match in re.finditer("─+", rule)]
    line = ""
    for namespace, columns in itertools.groupby(
        zip(namespaces, spans, strict=True), key=lambda pair: pair[0]
    ):
        ends = [span for _, span in columns]
        room = ends[-1][1] - ends[0][0]
        text = namespace if len(namespace) <= room else f"{namespace[: max(room - 1, 1)]}…"
        line = line.ljust(ends[0][0]) + text
    return line
