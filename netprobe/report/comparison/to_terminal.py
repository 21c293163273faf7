"""A comparison on a terminal: what it comes to, the clusters, the matrix, what differs, what is known."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from netprobe.model.comparison import Cell, Column, Comparison, Row, RowKind, Standing
from netprobe.report.audit.wording import wrapped
from netprobe.report.comparison.matrix import matrix_lines
from netprobe.report.comparison.wording import (
    NOT_JUDGED,
    conclude,
    groups_of,
    latency,
    numbers_of,
    suspicions,
)
from netprobe.report.ink import Ink, Painter

_INKS = {"ALIKE": Ink.GOOD, "DIFFERENT": Ink.BAD, "INCONCLUSIVE": Ink.DOUBT}
_CELL_INKS = {Standing.GOOD: Ink.GOOD, Standing.BAD: Ink.BAD}
_MOST_ONLY = 8
_MOST_FLOWS = 3


def render(comparison: Comparison, *, width: int, color: bool, verbose: bool = False) -> str:
    """Return the report; without ``verbose`` what is good everywhere is counted, not shown."""
    painter = Painter(color=color)
    blocks = [
        list(_head(comparison, width, painter)),
        *(list(_column(each, comparison, width, painter)) for each in comparison.columns),
        list(matrix_lines(comparison, width, painter, verbose=verbose)),
        list(_differences(comparison, width, painter, verbose=verbose)),
        list(_only(comparison, width, verbose=verbose)),
        list(_limits(comparison, width)),
        list(_notes(comparison, width, verbose=verbose)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def render_brief(comparison: Comparison, *, width: int, color: bool) -> str:
    """Return what it comes to, and a line for each cluster without an answer."""
    lines = list(_head(comparison, width, Painter(color=color)))
    for column in comparison.columns:
        if column.missing:
            word = _incomplete(column, comparison)
            lines += wrapped(f"{column.label}: {word}: {column.missing}", width, indent=2, hanging=2)
    return "\n".join(lines) + "\n"


def _head(comparison: Comparison, width: int, painter: Painter) -> Iterator[str]:
    end = conclude(comparison)
    first, *rest = textwrap.wrap(f"{end.word}: {end.sentence}", width, subsequent_indent="  ")
    ink = Ink.BAD if comparison.failing and end.word == "ALIKE" else _INKS[end.word]
    yield first.replace(end.word, painter.paint(end.word, ink), 1)
    yield from rest


def _column(column: Column, comparison: Comparison, width: int, painter: Painter) -> Iterator[str]:
    """What a cluster is, what it came to, what is most likely broken, how fast it is."""
    version = column.environment.get("Kubernetes", "")
    facts = ", ".join(each for each in (column.title, version and f"Kubernetes {version}") if each)
    yield painter.paint(column.label, Ink.STRONG)
    if facts != column.label:
        yield from wrapped(facts, width, indent=2, hanging=2)
    cell = _network_of(column, comparison)
    if cell is not None and cell.answers:
        first, *rest = wrapped(f"{cell.verdict}: {_said(column.conclusion)}", width, indent=2, hanging=2)
        yield first.replace(cell.verdict, painter.paint(cell.verdict, _CELL_INKS.get(cell.standing)), 1)
        yield from rest
    if column.missing:
        word = _incomplete(column, comparison)
        first, *rest = wrapped(f"{word}: {column.missing}", width, indent=2, hanging=2)
        yield first.replace(word, painter.paint(word, Ink.DOUBT), 1)
        yield from rest
    elif cell is not None and cell.reason:
        yield from wrapped(f"no answer: {cell.reason}", width, indent=2, hanging=2)
    headlines = () if column.enforces_nothing else column.headlines
    numbers = ", ".join(numbers_of(column, comparison))
    for text in (numbers, *suspicions(column), column.cni, latency(column), *headlines):
        if text:
            yield from wrapped(text, width, indent=2, hanging=2)


def _incomplete(column: Column, comparison: Comparison) -> str:
    """Whether a column that misses something has nothing at all."""
    return "not all was measured" if any(numbers_of(column, comparison)) else "no answer"


def _network_of(column: Column, comparison: Comparison) -> Cell | None:
    at = comparison.columns.index(column)
    return next((row.cells[at] for row in comparison.rows if row.kind is RowKind.NETWORK), None)


def _said(sentence: str) -> str:
    return sentence.removeprefix("NetworkPolicies are ")


def _differences(comparison: Comparison, width: int, painter: Painter, *, verbose: bool) -> Iterator[str]:
    """A sentence for each row that differs; alike ones are told together unless ``verbose``."""
    rows = [row for row in comparison.differing if row.kind is not RowKind.FLOW]
    flows = [row for row in comparison.differing if row.kind is RowKind.FLOW]
    if not rows and not flows:
        return
    yield painter.paint("what differs, and why it matters", Ink.STRONG)
    if verbose:
        for row in (*rows, *flows):
            yield from wrapped(f"{_name(row)}: {row.sentence}", width, indent=2, hanging=2)
        return
    for group in (*groups_of(rows), *groups_of(flows)):
        yield from wrapped(f"{_name(group.example)}: {group.example.sentence}", width, indent=2, hanging=2)
        if group.others:
            many = group.example.kind is RowKind.FLOW and len(group.others) > _MOST_FLOWS
            names = f"{len(group.others)} more flows" if many else ", ".join(map(_name, group.others))
            yield from wrapped(f"likewise: {names}", width, indent=4, hanging=2)
    yield from wrapped("-v tells each by itself", width, indent=2)


def _name(row: Row) -> str:
    if row.kind is RowKind.SCENARIO:
        return f"scenario {row.name}"
    return row.name if row.kind in (RowKind.STEP, RowKind.FLOW) else row.title


def _only(comparison: Comparison, width: int, *, verbose: bool) -> Iterator[str]:
    for column in comparison.columns:
        own: Sequence[str] = [_name(row) for row in comparison.rows if row.only_in == column.label]
        if own:
            shown = own if verbose else own[:_MOST_ONLY]
            more = f" and {len(own) - len(shown)} more (-v lists them)" if len(shown) < len(own) else ""
            yield from wrapped(
                f"only in {column.label}: {', '.join(shown)}{more}", width, indent=0, hanging=2
            )


def _limits(comparison: Comparison, width: int) -> Iterator[str]:
    for column in comparison.columns:
        for limit in column.limits:
            proven = "; the packets agree" if limit in column.fitting else ""
            text = f"known of what {column.label} shows: {limit}{proven}"
            yield from wrapped(text, width, indent=0, hanging=2)


def _notes(comparison: Comparison, width: int, *, verbose: bool) -> Iterator[str]:
    for text in comparison.cautions:
        yield from wrapped(f"note: {text}", width, indent=0, hanging=2)
    if verbose:
        yield from wrapped(f"note: {NOT_JUDGED}", width, indent=0, hanging=2)
        for column in comparison.columns:
            for note in column.notes:
                yield from wrapped(f"{column.label}: {note}", width, indent=0, hanging=2)
