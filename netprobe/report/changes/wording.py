"""A change of flows in words."""

from __future__ import annotations

from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.matrix import FlowChange, MatrixChange
from netprobe.report.matrix.naming import WORDS, counted, port_of, title_of

VERBS = {Answer.ALLOW: "opens", Answer.DENY: "closes", Answer.UNDEFINED: "leaves open"}
"""What a change does, by the answer after it; "leaves open" is UNDEFINED."""


def edge_text(change: FlowChange) -> str:
    """``shop/web → shop/db:5432``."""
    port = port_of(change.port, change.protocol)
    return f"{title_of(change.sources)} → {title_of(change.destinations)}{port}"


def before_text(change: FlowChange) -> str:
    """`` (was undefined)`` where the verb alone would hide it, else ""."""
    plain = {Answer.ALLOW: Answer.DENY, Answer.DENY: Answer.ALLOW}
    return "" if plain.get(change.after) is change.before else f" (was {WORDS[change.before]})"


def count_of(change: FlowChange) -> int:
    """How many flows between single pods change so; a pod and itself are none."""
    own = len(set(change.sources) & set(change.destinations))
    return len(change.sources) * len(change.destinations) - own


def total_text(change: MatrixChange) -> str:
    """``2 of 12 flows change: 1 opened, 1 closed``."""
    counts = dict.fromkeys(Answer, 0)
    for each in change.changes:
        counts[each.after] += count_of(each)
    words = {Answer.ALLOW: "opened", Answer.DENY: "closed", Answer.UNDEFINED: "left open by Kubernetes"}
    parts = ", ".join(f"{count:,} {words[answer]}" for answer, count in counts.items() if count)
    compared = counted(change.flows_compared, "flow")
    return (
        f"{sum(counts.values()):,} of {compared} change: {parts}" if parts else f"none of {compared} changes"
    )


def pods_text(pods: tuple[PodRef, ...]) -> str:
    """The pods of one side only."""
    return f"{counted(len(pods), 'pod')}: {title_of(pods)}"
