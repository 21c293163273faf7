"""A matrix as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from netprobe.model.decision import Answer
from netprobe.model.matrix import OTHER_PORTS, Matrix
from netprobe.report.matrix.groups import key_of, name_groups
from netprobe.report.matrix.naming import port_of
from netprobe.report.matrix.reach import is_large, reaches
from netprobe.report.matrix.tally import tally_text

_MARKS = {Answer.ALLOW: "✅", Answer.DENY: "❌", Answer.UNDEFINED: "❔", None: "–"}
_WORDS = {
    Answer.ALLOW: "allowed",
    Answer.DENY: "denied",
    Answer.UNDEFINED: "left open by Kubernetes",
    None: "a pod and itself",
}


def render(matrix: Matrix) -> str:
    """Return the table, sources down and destinations across, with its legend; a large one as a list."""
    if not matrix.groups:
        return "There are no pods, so there are no flows.\n"
    lines = _list(matrix) if is_large(matrix) else _table(matrix)
    return "\n".join([*lines, "", f"{tally_text(matrix)}."]) + "\n"


def _table(matrix: Matrix) -> Iterator[str]:
    names = name_groups(matrix)
    heads = (names[column.group].title + port_of(column.port, column.protocol) for column in matrix.columns)
    rows = [
        [_MARKS[matrix.answer(number, column)] for column in matrix.columns] for number in range(len(names))
    ]
    yield from table_lines(
        ("from ↓ to →", *heads), ((name.title, *row) for name, row in zip(names, rows, strict=True))
    )
    key = [f"* {letter}: {members}" for letter, members in key_of(names)]
    if key:
        yield from ("", *key)
    yield ""
    present = {mark for row in rows for mark in row}
    legend = [f"{mark} {_WORDS[answer]}" for answer, mark in _MARKS.items() if mark in present]
    if any(column.port == OTHER_PORTS for column in matrix.columns):
        legend.append("`:other` any port that no rule names")
    yield ", ".join(legend) + "."


def _list(matrix: Matrix) -> Iterator[str]:
    for reach in reaches(matrix):
        yield f"* {reach.who} →"
        for namespace, ports in reach.ports.items():
            yield f"  * {namespace}: {', '.join(ports)}"


def table_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from (_row(row) for row in rows)


def _row(texts: Sequence[str]) -> str:
    return f"| {' | '.join(text.replace('|', chr(92) + '|') for text in texts)} |"
