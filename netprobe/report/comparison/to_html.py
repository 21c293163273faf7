"""A comparison as a page in one file: the matrix with its evidence, latencies, the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netprobe import __version__
from netprobe.comparison.columns import ENVIRONMENT
from netprobe.model.comparison import Cell, Column, Comparison, Row, RowKind, Standing
from netprobe.report.comparison.entries import Entry, entry_of, mark_of_network
from netprobe.report.comparison.latencies import latency_picture, latency_table
from netprobe.report.comparison.wording import Conclusion, conclude, latency, suspicions
from netprobe.report.html.components import Table, Tile, cell, head
from netprobe.report.html.marks import Mark, Tone
from netprobe.report.html.page import render_page

_MOST_FLOWS = 400
"""Flows that differ and have a row of their own; all of them are in the JSON report."""

_MOST_TILES = 6
"""Columns that have their numbers at the top; with more there is no seeing at a glance."""

_SYMBOLS = {"DIFFERENT": "≠", "ALIKE": "=", "INCONCLUSIVE": "?"}


def render(comparison: Comparison) -> str:
    """Return the page."""
    end = conclude(comparison)
    differing, more = _differing(comparison)
    picture = latency_picture(comparison.columns)
    context = {
        "columns": [_column(each, comparison) for each in comparison.columns],
        "end_mark": _mark(end, comparison),
        "end_sentence": f"{end.sentence}.",
        "numbers": _numbers(comparison),
        "cautions": [_sentence(text) for text in comparison.cautions],
        "differing": differing,
        "more_flows": f"{more:,}" if more else "",
        "alike": [entry_of(row, comparison.columns) for row in comparison.common if not row.differs],
        "latency": picture,
        "latency_table": latency_table(comparison.columns),
        "limits": _limits(comparison),
        "only_in": _only_in(comparison),
        "environment": _environment(comparison),
        "column_notes": [{"label": each.label, "notes": each.notes} for each in comparison.columns],
        "version": __version__,
    }
    return render_page(
        "comparison.html.jinja",
        {**context, "sections": _sections(context)},
        title=f"netprobe: {', '.join(column.label for column in comparison.columns)}",
        styles=("comparison.css",),
    )


def _mark(end: Conclusion, comparison: Comparison) -> Mark:
    tone = Tone.DOUBT
    if end.word == "ALIKE":
        tone = Tone.BAD if comparison.failing else Tone.GOOD
    return Mark(word=end.word, symbol=_SYMBOLS[end.word], tone=tone)


def _differing(comparison: Comparison) -> tuple[Sequence[Entry], int]:
    rows: list[Row] = []
    flows = 0
    for row in comparison.differing:
        flows += row.kind is RowKind.FLOW
        if row.kind is not RowKind.FLOW or flows <= _MOST_FLOWS:
            rows.append(row)
    return [entry_of(row, comparison.columns) for row in rows], max(0, flows - _MOST_FLOWS)


def _column(column: Column, comparison: Comparison) -> Mapping[str, object]:
    told = [
        column.conclusion,
        column.cni and f"this cluster {column.cni}",
        *suspicions(column),
        latency(column),
    ]
    return {
        "label": column.label,
        "subtitle": column.title if column.title != column.label else "",
        "mark": mark_of_network(column, comparison),
        "missing": column.missing,
        "headlines": column.headlines,
        "texts": [_sentence(text) for text in told if text],
    }


def _numbers(comparison: Comparison) -> Sequence[Tile]:
    """How many features each cluster enforces, and how many scenarios it passes."""
    tiles: list[Tile] = []
    for at, column in enumerate(comparison.columns[:_MOST_TILES]):
        for kind, words in ((RowKind.FEATURE, "features enforced"), (RowKind.SCENARIO, "scenarios pass")):
            cells = [row.cells[at] for row in comparison.rows if row.kind is kind]
            answers = [cell for cell in cells if cell is not None and cell.standing is not Standing.NEUTRAL]
            good = sum(cell.standing is Standing.GOOD for cell in answers)
            if answers:
                tone = Tone.GOOD if good == len(answers) else Tone.BAD if _fails(answers) else Tone.DOUBT
                text = f"{words} on {column.label}"
                tiles.append(Tile(value=f"{good} of {len(answers)}", text=text, tone=tone))
    return tiles


def _fails(cells: Sequence[Cell]) -> bool:
    return any(cell.standing is Standing.BAD for cell in cells)


def _limits(comparison: Comparison) -> Sequence[str]:
    return [
        f"{column.label}: {limit}" + (" (the packets agree)" if limit in column.fitting else "")
        for column in comparison.columns
        for limit in column.limits
    ]


def _only_in(comparison: Comparison) -> Sequence[str]:
    texts = []
    for column in comparison.columns:
        own = [row for row in comparison.rows if row.only_in == column.label]
        titles = [row.name if row.kind in (RowKind.STEP, RowKind.FLOW) else row.title for row in own]
        if titles:
            more = f" and {len(titles) - _MOST_FLOWS:,} more" if len(titles) > _MOST_FLOWS else ""
            texts.append(f"{column.label}: {', '.join(titles[:_MOST_FLOWS])}{more}")
    return texts


def _environment(comparison: Comparison) -> Table:
    keys = [key for key in ENVIRONMENT if any(key in column.environment for column in comparison.columns)]
    return Table(
        caption="What was measured, and with what",
        heads=("", *(column.label for column in comparison.columns)),
        rows=tuple(
            (head(key), *(cell(column.environment.get(key, "–")) for column in comparison.columns))
            for key in keys
        ),
    )


def _sections(context: Mapping[str, object]) -> Sequence[Mapping[str, str]]:
    every = (
        ("clusters", "Clusters", True),
        ("differences", "What differs", context["differing"]),
        ("alike", "What does not", context["alike"]),
        ("latency", "Latency", context["latency"]),
        ("known", "Known", context["limits"] or context["only_in"]),
        ("environment", "Environment", True),
    )
    return [{"anchor": anchor, "title": title} for anchor, title, there in every if there]


def _sentence(text: str) -> str:
    """A text that begins and ends as a sentence does."""
    return f"{text[0].upper()}{text[1:]}" + ("" if text.endswith((".", "…")) else ".")
