"""A change as CSV."""

from __future__ import annotations

import csv
import io

from netprobe.model.matrix import MatrixChange
from netprobe.report.matrix.to_csv import workloads

_HEAD = ("source", "source_pods", "destination", "destination_pods", "port", "protocol", "before", "after")


def render(change: MatrixChange) -> str:
    """Return one line for each change, as in the CSV of a matrix."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for each in change.changes:
        ends = (workloads(each.sources), len(each.sources), workloads(each.destinations))
        port = each.port or "other"
        answers = (each.before.value, each.after.value)
        writer.writerow((*ends, len(each.destinations), port, each.protocol.value, *answers))
    return text.getvalue()
