"""A matrix on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from netprobe.model.decision import Answer
from netprobe.model.matrix import Matrix, MatrixColumn
from netprobe.report.grid import Head, Row, Sheet, cut, grid_lines
from netprobe.report.ink import Ink, Painter
from netprobe.report.matrix.naming import label_of, namespace_of, port_of, title_of
from netprobe.report.matrix.tally import tally_text

MOST_CELLS = 2500
"""Above this size a table is told as a list of who reaches what, unless everything is asked for."""

_CELLS: Mapping[Answer | None, tuple[str, Ink, str]] = {
    Answer.ALLOW: ("·", Ink.GOOD, "allowed"),
    Answer.DENY: ("X", Ink.BAD, "denied"),
    Answer.UNDEFINED: ("~", Ink.DOUBT, "left open by Kubernetes (netprobe explain says why)"),
    None: ("=", Ink.FAINT, "a pod and itself: always allowed"),
}


def render(matrix: Matrix, *, width: int, color: bool, verbose: bool = False) -> str:
    """Return the table for a page of ``width`` columns: sources down, destinations across."""
    painter = Painter(color=color)
    if not matrix.columns:
        return "no pods, so no flows\n"
    cells = len(matrix.groups) * len(matrix.columns)
    if cells > MOST_CELLS and not verbose:
        body = list(_list(matrix, width, painter))
    else:
        body = list(_table(matrix, width, painter))
    return "\n".join([*body, "", tally_text(matrix)]) + "\n"


def _table(matrix: Matrix, width: int, painter: Painter) -> Iterator[str]:
    yield from _legend(matrix, painter)
    for grid in cut(_sheet(matrix), width - 2, painter):
        yield ""
        yield from (f"  {line}".rstrip() for line in grid_lines(grid, painter))


def _legend(matrix: Matrix, painter: Painter) -> Iterator[str]:
    sources = range(len(matrix.groups))
    present = {matrix.answer(source, column) for column in matrix.columns for source in sources}
    for answer, (symbol, ink, words) in _CELLS.items():
        if answer in present:
            yield f"  {painter.paint(symbol, ink)}  {words}"


def _sheet(matrix: Matrix) -> Sheet:
    def cell(row: int, column: int) -> tuple[str, Ink | None]:
        symbol, ink, _ = _CELLS[matrix.answer(row, matrix.columns[column])]
        return symbol, ink

    groups = matrix.groups
    return Sheet(
        rows=[Row(namespace=namespace_of(group.pods), label=label_of(group.pods)) for group in groups],
        heads=[_head(matrix, column) for column in matrix.columns],
        cell=cell,
    )


def _head(matrix: Matrix, column: MatrixColumn) -> Head:
    pods = matrix.groups[column.group].pods
    return Head(
        namespace=namespace_of(pods),
        above="",
        name=label_of(pods),
        port=port_of(column.port, column.protocol),
    )


def _list(matrix: Matrix, width: int, painter: Painter) -> Iterator[str]:
    """One paragraph for each port: who reaches it."""
    size = f"{len(matrix.groups):,} × {len(matrix.columns):,}"
    yield from textwrap.wrap(f"who reaches what (-v shows the table, {size}):", width)
    for column in matrix.columns:
        name = title_of(matrix.groups[column.group].pods) + port_of(column.port, column.protocol)
        text = "; ".join(_reached(matrix, column)) or "nobody"
        lines = textwrap.wrap(f"{name} ← {text}", width, initial_indent="  ", subsequent_indent="      ")
        yield lines[0].replace(name, painter.paint(name, Ink.STRONG), 1)
        yield from lines[1:]


def _reached(matrix: Matrix, column: MatrixColumn) -> Iterator[str]:
    by_answer: dict[Answer | None, list[int]] = {}
    for source in range(len(matrix.groups)):
        by_answer.setdefault(matrix.answer(source, column), []).append(source)
    denied = by_answer.get(Answer.DENY, [])
    if not denied and Answer.UNDEFINED not in by_answer:
        yield "everybody"
        return
    for answer, word in ((Answer.ALLOW, ""), (Answer.UNDEFINED, "perhaps ")):
        if found := by_answer.get(answer):
            yield word + ", ".join(title_of(matrix.groups[source].pods) for source in found)
