"""A comparison as Markdown, for pull requests and job summaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    yield f"## {end.word}: {end.sentence}"
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
        yield f"Note: {text}."


def _column(column: Column) -> Iterator[str]:
    told = [column.title, column.cni and f"this cluster {column.cni}", *suspicions(column), latency(column)]
    text = ". ".join(f"{each[0].upper()}{each[1:]}" for each in told if each)
    yield f"- **{column.label}**: {text}."
    if column.missing:
        yield f"  - ❔ not everything was measured: {column.missing}."


def _matrix(rows: Iterable[Row], comparison: Comparison) -> Iterator[str]:
    heads = ("", *(f"{column.label}<br>({column.title})" for column in comparison.columns))
    yield from table_lines(
        heads,
        (
            (_title(row), *(f"{_mark(cell)} {short(cell, row.kind)}".strip() for cell in row.cells))
            for row in rows
        ),
    )


def _title(row: Row) -> str:
    name = {RowKind.SCENARIO: f"scenario {row.name}", RowKind.STEP: f"· {row.title}"}.get(row.kind, row.title)
    return f"**{name}**" if row.differs else name


def _mark(cell: Cell | None) -> str:
    return "" if cell is None else "" if cell.standing is Standing.NEUTRAL else _MARKS[cell.standing]


def _differences(comparison: Comparison) -> Iterator[str]:
    differing = [row for row in comparison.differing if row.kind is not RowKind.FLOW]
    flows = [row for row in comparison.differing if row.kind is RowKind.FLOW]
    if differing:
        yield ""
        yield "<details><summary>What differs, and why it matters</summary>"
        yield ""
        yield from (f"- **{row.title}**: {row.sentence}" for row in differing)
        yield from (f"- `{row.name}`: {row.sentence}" for row in flows[:_MOST_FLOWS])
        if len(flows) > _MOST_FLOWS:
            yield f"- and {len(flows) - _MOST_FLOWS} more flows"
        yield ""
        yield "</details>"


def _others(comparison: Comparison) -> Iterator[str]:
    for column in comparison.columns:
        own = [row.title for row in comparison.rows if row.only_in == column.label]
        if own:
            more = f" and {len(own) - _MOST_FLOWS} more" if len(own) > _MOST_FLOWS else ""
            yield ""
            yield f"Only in {column.label}: {', '.join(own[:_MOST_FLOWS])}{more}."


def _environment(comparison: Comparison) -> Iterator[str]:
    keys = dict.fromkeys(key for column in comparison.columns for key in column.environment)
    yield from table_lines(
        ("", *(column.label for column in comparison.columns)),
        ((key, *(column.environment.get(key, "–") for column in comparison.columns)) for key in keys),
    )
    for column in comparison.columns:
        for limit in column.limits:
            proven = " (the packets agree)" if limit in column.fitting else ""
            yield ""
            yield f"A documented limit of what {column.label} shows: {limit}{proven}."
