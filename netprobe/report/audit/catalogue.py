"""The features of the board as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.audit.board.feature import FeatureCases, Phase
from netprobe.audit.windows import NAME as WINDOW
from netprobe.report.matrix.to_markdown import table_lines

_MOMENTS = {
    Phase.DENY: "policies applied",
    Phase.CHANGE: "policies, labels and pods changed",
    Phase.OPEN: "all policies deleted",
}


_WINDOW = (f"`{WINDOW}`", "the first moments of new pods", _MOMENTS[Phase.CHANGE], "closed from the start")


def render_features(features: Iterable[FeatureCases]) -> str:
    """Return a row for each feature: its name, what it is, when it is probed, and what is expected."""
    rows = (
        (f"`{each.name}`", each.title, _MOMENTS[each.phase], " and ".join(_expected(each)))
        for each in features
    )
    head = ("feature", "what it is", "probed with", "flows that must be")
    return "\n".join(table_lines(head, (*rows, _WINDOW))) + "\n"


def _expected(feature: FeatureCases) -> Iterator[str]:
    if feature.allow:
        yield "open"
    if feature.deny:
        yield "closed"
