"""Three-valued truth of "this rule is about this traffic"."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Match(IntEnum):
    """OPEN where the reference, or what is known of the cluster, does not say; ordered by certainty."""

    NO = 0
    OPEN = 1
    YES = 2


def any_of(matches: Iterable[Match]) -> Match:
    """OR; NO of nothing."""
    return max(matches, default=Match.NO)


def match(*, yes: bool) -> Match:
    """Return YES or NO."""
    return Match.YES if yes else Match.NO
