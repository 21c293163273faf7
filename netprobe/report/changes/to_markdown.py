"""A change as a Markdown table."""

from __future__ import annotations

from netprobe.model.matrix import MatrixChange
from netprobe.report.changes.wording import VERBS, before_text, edge_text, pods_text, total_text
from netprobe.report.matrix.to_markdown import table_lines

_MOST_NAMED = 8


def render(change: MatrixChange) -> str:
    """Return the table, and what was compared."""
    rows = [
        (f"{VERBS[each.after]}{before_text(each)}", f"`{edge_text(each, _MOST_NAMED)}`", each.reason)
        for each in change.changes
    ]
    lines = [*table_lines(("change", "flow", "now"), rows), ""] if rows else []
    for pods, word in ((change.added, "Only in the new state"), (change.removed, "Only in the old state")):
        if pods:
            lines += (f"{word}: {pods_text(pods)}.", "")
    return "\n".join([*lines, f"{total_text(change)}."]) + "\n"
