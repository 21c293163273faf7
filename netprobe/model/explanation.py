"""A question about one flow and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.decision import Decision
from netprobe.model.protocol import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """The decision about a flow: ``source`` and ``destination`` as a person calls them.

    ``backends`` are the names of those of the decision, in the same order. ``notes`` say what the
    question was taken to mean where its words left a choice, and what was not looked at.
    """

    source: str
    destination: str
    port: int
    protocol: Protocol
    decision: Decision
    backends: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
