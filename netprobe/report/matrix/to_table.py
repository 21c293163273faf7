"""A matrix on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from netprobe.model.decision import Answer
from netprobe.model.matrix import OTHER_PORTS, Matrix, MatrixColumn
from netprobe.report.grid import Head, Row, Sheet, cut, grid_lines
from netprobe.report.ink import Ink, Painter
from netprobe.report.matrix.groups import GroupName, key_of, name_groups
from netprobe.report.matrix.naming import port_of
from netprobe.report.matrix.reach import is_large, reaches
from netprobe.report.matrix.tally import tally_text

_CELLS: Mapping[Answer | None, tuple[str, Ink, str]] = {
    Answer.ALLOW: ("·", Ink.GOOD, "allowed"),
    Answer.DENY: ("X", Ink.BAD, "denied"),
    Answer.UNDEFINED: ("~", Ink.DOUBT, "left open by Kubernetes (netprobe explain says why)"),
    None: ("=", Ink.FAINT, "a pod and itself: always allowed"),
}


def render(matrix: Matrix, *, width: int, color: bool, verbose: bool = False) -> str:
    """Return the table for a page of ``width`` columns: sources down, destinations across."""
    painter = Painter(color=color)
    if not matrix.groups:
        return "there are no pods, so there are no flows\n"
    if is_large(matrix) and not verbose:
        body = list(_sentences(matrix, width, painter))
    else:
        body = list(_table(matrix, width, painter))
    return "\n".join([*body, "", tally_text(matrix)]) + "\n"


def _table(matrix: Matrix, width: int, painter: Painter) -> Iterator[str]:
    names = name_groups(matrix)
    yield from _legend(matrix, painter)
    for grid in cut(_sheet(matrix, names), width - 2, painter):
        yield ""
        yield from (f"  {line}".rstrip() for line in grid_lines(grid, painter))
    key = list(key_of(names))
    if key:
        yield ""
    for letter, members in key:
        indent = " " * (len(letter) + 4)
        text = f"{letter.ljust(len(indent) - 2)}{members}"
        yield from _wrapped(text, width, "  ", f"  {indent[2:]}")


def _legend(matrix: Matrix, painter: Painter) -> Iterator[str]:
    sources = range(len(matrix.groups))
    present = {matrix.answer(source, column) for column in matrix.columns for source in sources}
    for answer, (symbol, ink, words) in _CELLS.items():
        if answer in present:
            yield f"  {painter.paint(symbol, ink)}  {words}"
    if any(column.port == OTHER_PORTS for column in matrix.columns):
        yield "  :other  any port that no rule names"


def _sheet(matrix: Matrix, names: Sequence[GroupName]) -> Sheet:
    def cell(row: int, column: int) -> tuple[str, Ink | None]:
        symbol, ink, _ = _CELLS[matrix.answer(row, matrix.columns[column])]
        return symbol, ink

    return Sheet(
        rows=[Row(namespace=name.namespace, label=name.label) for name in names],
        heads=[_head(names[column.group], column) for column in matrix.columns],
        cell=cell,
    )


def _head(name: GroupName, column: MatrixColumn) -> Head:
    port = port_of(column.port, column.protocol)
    return Head(namespace=name.namespace, above="", name=name.name, port=port)


def _sentences(matrix: Matrix, width: int, painter: Painter) -> Iterator[str]:
    size = f"{len(matrix.groups):,} × {len(matrix.columns):,}"
    yield from _wrapped(f"who may reach what (a table would have {size} cells; -v shows it):", width, "", "")
    for reach in reaches(matrix):
        yield ""
        first, *rest = _wrapped(f"{reach.who} →", width, "  ", "  ")
        yield from (painter.paint(line, Ink.STRONG) for line in (first, *rest))
        for namespace, ports in reach.ports.items():
            yield from _wrapped(f"{namespace}: {', '.join(ports)}", width, "    ", "      ")


def _wrapped(text: str, width: int, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
    )
