"""A matrix as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from netprobe.model.decision import Answer
from netprobe.model.matrix import Matrix, MatrixColumn
from netprobe.report.matrix.naming import port_of, title_of
from netprobe.report.matrix.tally import tally_text

_MARKS = {Answer.ALLOW: "✅", Answer.DENY: "❌", Answer.UNDEFINED: "❔", None: "–"}


def render(matrix: Matrix) -> str:
    """Return the table, sources down and destinations across, with its legend."""
    return "\n".join(_lines(matrix)) + "\n"


def _lines(matrix: Matrix) -> Iterator[str]:
    yield from table_lines(
        ("from ↓ to →", *(_head(matrix, column) for column in matrix.columns)),
        (
            (title_of(group.pods), *(_MARKS[matrix.answer(number, column)] for column in matrix.columns))
            for number, group in enumerate(matrix.groups)
        ),
    )
    yield ""
    yield f"{tally_text(matrix)}. ✅ allowed, ❌ denied, ❔ left open by Kubernetes, – a pod and itself."


def _head(matrix: Matrix, column: MatrixColumn) -> str:
    return f"{title_of(matrix.groups[column.group].pods)}{port_of(column.port, column.protocol)}"


def table_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from (_row(row) for row in rows)


def _row(texts: Sequence[str]) -> str:
    return f"| {' | '.join(text.replace('|', chr(92) + '|') for text in texts)} |"
