"""A comparison as a page in one file: the matrix with its evidence, latencies, the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netprobe import __version__
from netprobe.comparison.columns import ENVIRONMENT
from netprobe.model.comparison import Column, Comparison, Row, RowKind
from netprobe.report.comparison.entries import Entry, entry_of, mark_of_network
from netprobe.report.comparison.latencies import latency_picture, latency_table
from netprobe.report.comparison.wording import (
    NOT_JUDGED,
    Conclusion,
    conclude,
    latency,
    numbers_of,
    suspicions,
)
from netprobe.report.html.components import Table, cell, head
from netprobe.report.html.marks import Mark, Tone
from netprobe.report.html.page import render_page

_MOST_FLOWS = 400
"""Flows that differ and have a row of their own; all of them are in the JSON report."""

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
        "cautions": [_sentence(text) for text in comparison.cautions],
        "differing": differing,
        "more_flows": f"{more:,}" if more else "",
        "alike": [entry_of(row, comparison.columns) for row in comparison.common if not row.differs],
        "latency": picture,
        "latency_table": latency_table(comparison.columns),
        "limits": _limits(comparison),
        "only_in": _only_in(comparison),
        "not_judged": _sentence(NOT_JUDGED),
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
    """What a cluster is and came to; the conclusion of its audit is evidence of the first row."""
    told = [*suspicions(column), column.cni and f"this cluster {column.cni}", latency(column)]
    return {
        "label": column.label,
        "subtitle": column.title if column.title != column.label else "",
        "mark": mark_of_network(column, comparison),
        "numbers": ", ".join(numbers_of(column, comparison)),
        "missing": column.missing,
        "headlines": () if column.enforces_nothing else column.headlines,
        "texts": [_sentence(text) for text in told if text],
    }


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
        ("known", "Known", True),
        ("environment", "Environment", True),
    )
    return [{"anchor": anchor, "title": title} for anchor, title, there in every if there]


def _sentence(text: str) -> str:
    """A text that begins and ends as a sentence does."""
    return f"{text[0].upper()}{text[1:]}" + ("" if text.endswith((".", "…")) else ".")
