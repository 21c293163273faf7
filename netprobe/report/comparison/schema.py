"""The JSON Schema of the JSON report of a comparison (docs/compare.schema.json)."""

from __future__ import annotations

from netprobe.model.comparison import Cell, Column, RowKind
from netprobe.report.comparison.to_json import VERSION
from netprobe.report.json_schema import Definitions, Schema, array, nullable

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}


def schema() -> Schema:
    """Return the schema. Further keys may come at any time; what is here is there in every report."""
    known = Definitions()
    word: Schema = {"enum": ["DIFFERENT", "ALIKE", "INCONCLUSIVE"]}
    return known.document(
        f"compare:{VERSION}",
        "netprobe compare report",
        "What netprobe compare -o json=FILE writes.",
        {
            "netprobe_comparison": {"const": VERSION},
            "conclusion": known.object("Conclusion", {"word": word, "sentence": _TEXT}),
            "measured": _FLAG,
            "columns": array(known.of(Column)),
            "rows": array(_row(known)),
            "cautions": array(_TEXT),
        },
    )


def _row(known: Definitions) -> Schema:
    """A row; its cells are found by the label of the column."""
    cells: Schema = {"type": "object", "additionalProperties": nullable(known.of(Cell))}
    texts = dict.fromkeys(("name", "title", "only_in", "sentence"), _TEXT)
    return known.object(
        "Row",
        {"kind": known.of(RowKind), **texts, "differs": _FLAG, "cells": cells},
        description="One thing that was probed; a cell is null where it was not.",
    )
