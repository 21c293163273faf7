"""A comparison as JSON; ``schema`` publishes its shape."""

from __future__ import annotations

import json
from dataclasses import asdict

from netprobe.model.comparison import Cell, Column, Comparison, Row
from netprobe.report.comparison.wording import conclude

VERSION = 1
"""The value of ``netprobe_comparison``; it grows when a reader of the old shape would be misled."""


def render(comparison: Comparison) -> str:
    """Return the document."""
    end = conclude(comparison)
    document = {
        "netprobe_comparison": VERSION,
        "conclusion": {"word": end.word, "sentence": end.sentence},
        "measured": comparison.measured,
        "columns": [_column(each) for each in comparison.columns],
        "rows": [_row(each, comparison) for each in comparison.rows],
        "cautions": list(comparison.cautions),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _column(column: Column) -> dict[str, object]:
    """All of it; latencies in seconds, null without a reading."""
    return asdict(column)


def _row(row: Row, comparison: Comparison) -> dict[str, object]:
    cells = {
        column.label: None if cell is None else _cell(cell)
        for column, cell in zip(comparison.columns, row.cells, strict=True)
    }
    return {
        "kind": row.kind.value,
        "name": row.name,
        "title": row.title,
        "differs": row.differs,
        "only_in": row.only_in,
        "sentence": row.sentence,
        "cells": cells,
    }


def _cell(cell: Cell) -> dict[str, object]:
    return {**asdict(cell), "standing": cell.standing.value}
