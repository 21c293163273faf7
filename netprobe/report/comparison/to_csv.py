"""A comparison as CSV: one line for each row and cluster, and for how long changes took."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from netprobe.model.comparison import Column, Comparison, Row

_HEAD = (
    "kind", "name", "title", "cluster", "cluster_title", "verdict", "differs", "only_in",
    "agreed", "leaks", "blocks", "mistakes", "unanswered", "skipped",
    "seen", "median_seconds", "p95_seconds", "longest_seconds", "reason",
)  # fmt: skip


def render(comparison: Comparison) -> str:
    """Return the lines. Latencies are of the kind ``latency``, named ``enforced`` and ``opened``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for row in comparison.rows:
        writer.writerows(_row(row, comparison))
    for column in comparison.columns:
        writer.writerows(_latencies(column))
    return text.getvalue()


def _row(row: Row, comparison: Comparison) -> Iterator[tuple[object, ...]]:
    for column, cell in zip(comparison.columns, row.cells, strict=True):
        if cell is None:
            continue
        counts = (cell.agreed, cell.leaks, cell.blocks, cell.mistakes, cell.unanswered, cell.skipped)
        yield (
            row.kind.value, row.name, row.title, column.label, column.title, cell.verdict,
            "yes" if row.differs else "no", row.only_in, *counts, cell.seen, "", "", "", cell.reason,
        )  # fmt: skip


def _latencies(column: Column) -> Iterator[tuple[object, ...]]:
    for name, spread in (("enforced", column.enforced), ("opened", column.opened)):
        if spread is not None:
            title = "a denial takes effect" if name == "enforced" else "a removal takes effect"
            seconds = (spread.median, spread.p95, spread.longest)
            yield ("latency", name, title, column.label, column.title, *[""] * 10, *seconds, "")
