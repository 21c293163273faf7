"""A comparison as Markdown, for pull requests and job summaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.comparison.columns import ENVIRONMENT
from netprobe.model.comparison import Cell, Column, Comparison, Row, RowKind, Standing
from netprobe.report.comparison.wording import conclude, latency, short, suspicions
from netprobe.report.matrix.to_markdown import table_lines

_MARKS = {
    Standing.GOOD: "✅",
    Standing.BAD: "❌",
    Standing.LEFT_OPEN: "❔",
    Standing.UNKNOWN: "❔",
    Standing.NEUTRAL: "–",
}
_MOST_FLOWS = 30


def render(comparison: Comparison) -> str:
    """Return the document: the matrix, what differs and why it matters, the clusters."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    end = conclude(comparison)
    yield f"## {end.word}: {_plain(end.sentence)}"
    yield ""
    for column in comparison.columns:
        yield from _column(column)
    rows = [row for row in comparison.common if row.kind is not RowKind.FLOW]
    if rows:
        yield ""
        yield from _matrix(sorted(rows, key=lambda row: not row.differs), comparison)
    yield from _differences(comparison)
    yield from _others(comparison)
    yield ""
    yield from _environment(comparison)
    for text in comparison.cautions:
        yield ""
        yield f"Note: {_plain(text)}."


def _column(column: Column) -> Iterator[str]:
    told = [column.cni and f"this cluster {column.cni}", *suspicions(column), latency(column)]
    sentences = "".join(f" {each[0].upper()}{each[1:]}." for each in map(_plain, told) if each)
    title = "" if column.title == column.label else f" ({_plain(column.title)})"
    yield f"- **{_plain(column.label)}**{title}:{sentences or ' nothing else is known.'}"
    if column.missing:
        yield f"  - ❔ not everything was measured: {_plain(column.missing)}."


def _matrix(rows: Iterable[Row], comparison: Comparison) -> Iterator[str]:
    heads = ("", *map(_head, comparison.columns))
    yield from table_lines(
        heads,
        (
            (_title(row), *(f"{_mark(cell)} {short(cell, row.kind)}".strip() for cell in row.cells))
            for row in rows
        ),
    )


def _head(column: Column) -> str:
    title = "" if column.title == column.label else f"<br>{_plain(column.title)}"
    return f"{_plain(column.label)}{title}"


def _title(row: Row) -> str:
    name = _plain(_name(row))
    return f"**{name}**" if row.differs else name


def _name(row: Row) -> str:
    if row.kind is RowKind.SCENARIO:
        return f"scenario {row.name}"
    return row.name if row.kind is RowKind.STEP else row.title


def _plain(text: str) -> str:
    """One line that is only text: what reports hold cannot break a table or become a tag."""
    return " ".join(text.split()).replace("<", "&lt;")


def _mark(cell: Cell | None) -> str:
    return "" if cell is None else "" if cell.standing is Standing.NEUTRAL else _MARKS[cell.standing]


def _differences(comparison: Comparison) -> Iterator[str]:
    differing = [row for row in comparison.differing if row.kind is not RowKind.FLOW]
    flows = [row for row in comparison.differing if row.kind is RowKind.FLOW]
    if differing:
        yield ""
        yield "<details><summary>What differs, and why it matters</summary>"
        yield ""
        yield from (f"- **{_plain(_name(row))}**: {_plain(row.sentence)}" for row in differing)
        yield from (f"- `{_plain(row.name)}`: {_plain(row.sentence)}" for row in flows[:_MOST_FLOWS])
        if len(flows) > _MOST_FLOWS:
            yield f"- and {len(flows) - _MOST_FLOWS} more flows"
        yield ""
        yield "</details>"


def _others(comparison: Comparison) -> Iterator[str]:
    for column in comparison.columns:
        own = [_plain(_name(row)) for row in comparison.rows if row.only_in == column.label]
        if own:
            more = f" and {len(own) - _MOST_FLOWS} more" if len(own) > _MOST_FLOWS else ""
            yield ""
            yield f"Only in {_plain(column.label)}: {', '.join(own[:_MOST_FLOWS])}{more}."


def _environment(comparison: Comparison) -> Iterator[str]:
    keys = [key for key in ENVIRONMENT if any(key in column.environment for column in comparison.columns)]
    yield from table_lines(
        ("", *(_plain(column.label) for column in comparison.columns)),
        ((key, *(_plain(column.environment.get(key, "–")) for column in comparison.columns)) for key in keys),
    )
    for column in comparison.columns:
        for limit in column.limits:
            proven = " (the packets agree)" if limit in column.fitting else ""
            yield ""
            yield f"A documented limit of what {_plain(column.label)} shows: {_plain(str(limit))}{proven}."
