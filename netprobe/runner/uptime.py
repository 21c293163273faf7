"""The run's clock and a pod's /proc/uptime: which moment of one is which of the other.

An attempt is stamped in the pod, so its start does not suffer from the way that the answer took.
Each exchange bounds the difference of the two clocks: nothing in it happened before it was sent or
after it was received. Over several exchanges the bounds close in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netprobe.probing.reply import Reply

RESOLUTION = 0.01
"""Seconds that a stamp may be off: /proc/uptime shows hundredths."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mapping:
    """Run time minus uptime lies between ``low`` and ``high``, in seconds."""

    low: float
    high: float

    @property
    def error(self) -> float:
        """The width of the bounds (s)."""
        return self.high - self.low

    def earliest(self, uptime: float) -> float:
        """The earliest moment of the run that the stamp can mean."""
        return uptime + self.low

    def latest(self, uptime: float) -> float:
        """The latest moment of the run that the stamp can mean."""
        return uptime + self.high


def bound(sent: float, received: float, replies: Sequence[Reply]) -> Mapping | None:
    """The bounds from one exchange (moments of the run); None when no reply carries a stamp."""
    stamped = [reply for reply in replies if reply.started > 0]
    if not stamped:
        return None
    first = min(reply.started for reply in stamped)
    last = max(reply.started + reply.seconds for reply in stamped)
    return Mapping(low=sent - first - RESOLUTION, high=received - last + RESOLUTION)


def narrowed(old: Mapping | None, new: Mapping) -> Mapping:
    """Both bounds at once; the new ones alone when they contradict each other (the clocks drift)."""
    if old is None:
        return new
    low, high = max(old.low, new.low), min(old.high, new.high)
    return Mapping(low=low, high=high) if low <= high else new
