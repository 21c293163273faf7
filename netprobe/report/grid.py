"""A truth table cut into grids of text that fit a terminal: headers, row labels and painted cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netprobe.model.flow import PodRef
from netprobe.report.ink import Ink, Painter
from netprobe.report.naming import Names, protocol_words
from netprobe.report.truth_table import Column, TruthTable

GAP = 2
"""Blanks between two columns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A piece of a table: ``header`` lines and ``body`` rows of equally many texts.

    ``namespaces`` holds one text per column of the header line that goes above, the row labels' own
    column included; equal neighbours are one namespace and are printed once.
    """

    namespaces: tuple[str, ...]
    header: tuple[tuple[str, ...], ...]
    body: tuple[tuple[str, ...], ...]


def cut(table: TruthTable, names: Names, width: int, painter: Painter) -> Iterator[Grid]:
    """Yield the grids of ``table``, each at most ``width`` wide, split by columns.

    A label that would take more than a third of the width is shortened in its middle.
    """
    labels = _row_labels(table.sources, names, max(12, width // 3))
    taken = max((len(text) for text, _ in labels), default=0)
    for columns in _chunks(table, names, width - taken):
        heads = _heads(columns, names)
        yield Grid(
            namespaces=("", *(column.namespace for column in columns)),
            header=tuple((left, *line) for left, line in zip(("", "from ↓ to →", ""), heads, strict=True)),
            body=tuple(_row(text, source, columns, table, painter) for text, source in labels),
        )


def shorten(text: str, limit: int) -> str:
    """Return ``text`` within ``limit`` characters, ``…`` standing for its middle."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"


def _row_labels(sources: Sequence[PodRef], names: Names, limit: int) -> tuple[tuple[str, PodRef | None], ...]:
    """Return the row labels: a line for each namespace, its pods indented below."""
    labels: list[tuple[str, PodRef | None]] = []
    namespace = None
    for source in sources:
        if source.namespace != namespace:
            namespace = source.namespace
            labels.append((shorten(namespace, limit), None))
        labels.append((f"  {shorten(names.workload(source), limit - 2)}", source))
    return tuple(labels)


def _row(
    label: str, source: PodRef | None, columns: Sequence[Column], table: TruthTable, painter: Painter
) -> tuple[str, ...]:
    if source is None:
        return (painter.paint(label, Ink.STRONG), *("" for _ in columns))
    cells = (table.cell(source, column) for column in columns)
    return (label, *(painter.paint(cell.symbol, cell.ink) for cell in cells))


def _chunks(table: TruthTable, names: Names, room: int) -> Iterator[list[Column]]:
    """Yield runs of columns that fit ``room``; at least one column each."""
    chunk: list[Column] = []
    taken = 0
    for column in table.columns:
        cells = (len(table.cell(source, column).symbol) for source in table.sources)
        needed = GAP + max(*(len(line) for line in _head(column, names)), *cells)
        if chunk and taken + needed > room:
            yield chunk
            chunk, taken = [], 0
        if not chunk or chunk[-1].namespace != column.namespace:
            needed = max(needed, GAP + min(len(column.namespace), _NAMESPACE_ROOM))
        chunk.append(column)
        taken += needed
    if chunk:
        yield chunk


_NAMESPACE_ROOM = 14
_NAME_ROOM = 20


def _head(column: Column, names: Names) -> tuple[str, str, str]:
    """Return the three header texts of a column: its Service if that differs, its name, its port."""
    end = column.destination
    name = names.workload(end) if isinstance(end, PodRef) else str(end)
    own = end.workload if isinstance(end, PodRef) else ""
    service = f"({column.service})" if column.service and column.service != own else ""
    port = column.service_port or column.port
    suffix = protocol_words(column.protocol, end)
    return (shorten(service, _NAME_ROOM), shorten(name, _NAME_ROOM), f":{port}{suffix}")


def _heads(columns: Sequence[Column], names: Names) -> tuple[tuple[str, ...], ...]:
    """Return the header lines; the first column of a namespace is widened to show its name."""
    heads = [list(_head(column, names)) for column in columns]
    previous = None
    for head, column in zip(heads, columns, strict=True):
        if column.namespace != previous:
            head[1] = head[1].ljust(min(len(column.namespace), _NAMESPACE_ROOM))
        previous = column.namespace
    return tuple(zip(*heads, strict=True))
