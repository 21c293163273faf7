"""The features of the board as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.audit.board.cases import FeatureCases, Phase
from netprobe.report.matrix.to_markdown import table_lines

_MOMENTS = {
    Phase.DENY: "policies applied",
    Phase.CHANGE: "policies, labels and pods changed",
    Phase.OPEN: "all policies deleted",
}


def render_features(features: Iterable[FeatureCases]) -> str:
    """Return a row for each feature: its name, what it is, when it is probed, by how many edges."""
    rows = (
        (
            f"`{each.name}`",
            each.title,
            _MOMENTS[each.phase],
            str(len(each.allow)) if each.allow else "",
            str(len(each.deny)) if each.deny else "",
        )
        for each in features
    )
    head = ("feature", "what it is", "probed with", "must be open", "must be closed")
    return "\n".join(table_lines(head, rows)) + "\n"
