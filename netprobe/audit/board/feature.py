"""What a feature of the board is, and the steps of an audit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """The steps of an audit; before the first one, everything must be open."""

    DENY = "policies"
    CHANGE = "changes"
    OPEN = "open again"


@dataclass(frozen=True, kw_only=True, slots=True)
class FeatureCases:
    """A feature: ``name`` for gates and reports, ``title`` for people, and its edges as intent lines."""

    name: str
    title: str
    phase: Phase
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
