"""How long changes of policies took to be seen, from the readings of netprobe's own policy on each node."""

from __future__ import annotations

import math
from collections.abc import Sequence

from netprobe.comparison.measured import Measured
from netprobe.model.comparison import Spread
from netprobe.model.run import NO_EFFECT_BEFORE, SentinelReading


def readings_of(measured: Measured) -> tuple[SentinelReading, ...]:
    """All readings of a cluster, of its audit and its runs."""
    audit = () if measured.audit is None else measured.audit.sentinels
    return (*audit, *(reading for run in measured.runs for step in run.steps for reading in step.sentinels))


def spread_of(readings: Sequence[SentinelReading], *, closing: bool) -> Spread | None:
    """The spread of those that flipped this way (``closing``: something came to be denied); None of none."""
    seconds = sorted(each.seconds for each in readings if each.closing is closing and each.flipped)
    if not seconds:
        return None
    return Spread(
        count=len(seconds),
        median=_percentile(seconds, 50),
        p95=_percentile(seconds, 95),
        longest=seconds[-1],
    )


def never_on(readings: Sequence[SentinelReading]) -> tuple[str, ...]:
    """The nodes where a denying policy had no effect before the ceiling, in order."""
    without = (each for each in readings if each.flipped is False or each.detail == NO_EFFECT_BEFORE)
    return tuple(sorted({each.node for each in without if each.closing}))


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """The nearest rank: a value that was measured, never one in between."""
    return ordered[math.ceil(percent / 100 * len(ordered)) - 1]
