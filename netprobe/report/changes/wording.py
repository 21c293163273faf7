"""A change of flows in words."""

from __future__ import annotations

from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.matrix import FlowChange, MatrixChange
from netprobe.report.matrix.naming import MOST_NAMED, WORDS, counted, port_of, title_of

VERBS = {Answer.ALLOW: "opens", Answer.DENY: "closes", Answer.UNDEFINED: "undefined"}
"""What becomes of a flow, by the answer after the change."""


_MOST_APART = 8


def edge_text(change: FlowChange, most: int | None = MOST_NAMED) -> str:
    """``shop/web → shop/db:5432``; at most so many workloads are named at either end."""
    port = port_of(change.port, change.protocol)
    return f"{title_of(change.sources, most)} → {_at(title_of(change.destinations, most), port)}"


def _at(names: str, port: str) -> str:
    """Put the port behind the names: behind several it goes apart."""
    return f"{names}{port}" if "," not in names and " " not in names else f"{names}, port {port[1:]}"


def before_text(change: FlowChange) -> str:
    """`` (was undefined)`` where the verb alone would hide it, else ""."""
    if Answer.UNDEFINED not in (change.before, change.after):
        return ""
    return f" (was {WORDS[change.before]})"


def count_of(change: FlowChange) -> int:
    """How many flows between single pods change so; a pod and itself are none."""
    own = len(set(change.sources) & set(change.destinations))
    return len(change.sources) * len(change.destinations) - own


def total_text(change: MatrixChange) -> str:
    """``2 of 12 flows change: 1 opened, 1 closed``."""
    counts = dict.fromkeys(Answer, 0)
    for each in change.changes:
        counts[each.after] += count_of(each)
    words = {Answer.ALLOW: "opened", Answer.DENY: "closed", Answer.UNDEFINED: "undefined now"}
    parts = ", ".join(f"{count:,} {words[answer]}" for answer, count in counts.items() if count)
    compared = counted(change.flows_compared, "flow")
    if not change.flows_compared:
        return "no flow was compared, as no two pods are in both states"
    if not parts:
        return f"none of {compared} changes"
    total = sum(counts.values())
    return f"{total:,} of {compared} {'changes' if total == 1 else 'change'}: {parts}"


def pods_text(pods: tuple[PodRef, ...]) -> str:
    """The pods of one side only."""
    return f"{counted(len(pods), 'pod')}, {title_of(pods, _MOST_APART)}"
