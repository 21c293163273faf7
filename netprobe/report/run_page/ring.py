"""Where the nodes of a graph stand: on a ring, groups together, with room between any two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MARGIN = 20.0
"""The least room around a node."""

_GAP = 0.6
"""The room between two groups, in nodes."""

STRETCH = 1.75
_SMALLEST = 200.0
_GROWTH = 1.07
_MOST_GROWTHS = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """The box of a node: its middle, its size, and its angle on the ring (radians)."""

    x: float
    y: float
    width: float
    height: float
    angle: float

    def meets(self, other: Spot, margin: float = 0.0) -> bool:
        """Whether the two boxes come nearer to each other than ``margin``."""
        return (
            abs(self.x - other.x) * 2 < self.width + other.width + 2 * margin
            and abs(self.y - other.y) * 2 < self.height + other.height + 2 * margin
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Ring:
    """Spots in the order of the nodes, within ``width`` × ``height``; the middle is (``x``, ``y``)."""

    spots: tuple[Spot, ...]
    width: float
    height: float
    x: float
    y: float
    radius: float


def place_on_ring(groups: Sequence[Sequence[float]], height: float) -> Ring:
    """Return the spots of nodes with the given widths, all ``height`` high; a sequence for each group.

    The ring begins at the left and runs clockwise, and it is as small as room between nodes allows.
    """
    widths = [width for group in groups for width in group]
    angles = _angles([len(group) for group in groups])
    radius = _SMALLEST
    spots = _spots(widths, height, angles, radius)
    for _ in range(_MOST_GROWTHS):
        if not _crowded(spots):
            break
        radius *= _GROWTH
        spots = _spots(widths, height, angles, radius)
    return _framed(spots, radius)


def _angles(sizes: Sequence[int]) -> list[float]:
    total = sum(sizes) + _GAP * sum(size > 0 for size in sizes)
    angles: list[float] = []
    at = 0.0
    for size in sizes:
        angles += [math.pi + 2 * math.pi * (at + n) / total for n in range(size)]
        at += size + (_GAP if size else 0)
    return angles


def _spots(widths: Sequence[float], height: float, angles: Sequence[float], radius: float) -> list[Spot]:
    if len(widths) == 1:
        return [Spot(x=0, y=0, width=widths[0], height=height, angle=math.pi)]
    return [
        Spot(
            x=radius * STRETCH * math.cos(angle),
            y=radius * math.sin(angle),
            width=width,
            height=height,
            angle=angle,
        )
        for width, angle in zip(widths, angles, strict=True)
    ]


def _crowded(spots: Sequence[Spot]) -> bool:
    ordered = sorted(spots, key=lambda spot: spot.y)
    for number, spot in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if other.y - spot.y >= spot.height + 2 * MARGIN:
                break
            if spot.meets(other, MARGIN):
                return True
    return False


def _framed(spots: Sequence[Spot], radius: float) -> Ring:
    edge = 2 * MARGIN
    left = min((spot.x - spot.width / 2 for spot in spots), default=0.0) - edge
    top = min((spot.y - spot.height / 2 for spot in spots), default=0.0) - edge
    right = max((spot.x + spot.width / 2 for spot in spots), default=0.0) + edge
    bottom = max((spot.y + spot.height / 2 for spot in spots), default=0.0) + edge
    moved = tuple(
        Spot(x=s.x - left, y=s.y - top, width=s.width, height=s.height, angle=s.angle) for s in spots
    )
    return Ring(spots=moved, width=right - left, height=bottom - top, x=-left, y=-top, radius=radius)
