"""What readings of sentinels come to."""

from __future__ import annotations

from netprobe.comparison.spreads import never_on, spread_of
from netprobe.model.run import NO_EFFECT_BEFORE, SentinelReading


def reading(node, flipped, seconds=0.0, *, closing=True, detail=""):
    return SentinelReading(node=node, closing=closing, flipped=flipped, seconds=seconds, detail=detail)


def test_nodes_without_effect_are_those_that_were_waited_for_once():
    readings = [
        reading("b", flipped=False, seconds=30.0),
        reading("a", flipped=None, detail=NO_EFFECT_BEFORE),
        reading("c", flipped=True, seconds=0.2),
        reading("d", flipped=None, detail="no look at it brought evidence"),
        reading("e", flipped=False, closing=False),
    ]
    assert never_on(readings) == ("a", "b")


def test_a_spread_is_of_what_flipped_in_that_direction():
    readings = [reading("a", flipped=True, seconds=each) for each in (0.4, 0.1, 0.2)]
    readings += [reading("a", flipped=False), reading("a", flipped=True, seconds=9.0, closing=False)]
    spread = spread_of(readings, closing=True)
    assert spread is not None
    assert (spread.count, spread.median, spread.p95, spread.longest) == (3, 0.2, 0.4, 0.4)
    assert spread_of(readings[3:4], closing=True) is None
