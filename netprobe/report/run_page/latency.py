"""How long flows took to come to what they then were, and how long changes took to take effect."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from netprobe.model.finding import Finding, Seen, Verdict
from netprobe.model.flow import Flow
from netprobe.model.observation import Attempt, Phase
from netprobe.model.run import StepResult


@dataclass(frozen=True, kw_only=True, slots=True)
class Settling:
    """Flows that were to become ``open`` or ``closed``: seconds for those that did, sorted.

    A second counts from the start of the step's first attempt to the start of the attempt from which on
    all were as they should be. ``never`` counts flows that did not get there.
    """

    seen: Seen
    seconds: tuple[float, ...]
    slowest: Flow | None
    never: int

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)

    def within(self, part: float) -> float:
        """The time in which ``part`` (0 to 1) of the flows got there."""
        return self.seconds[min(len(self.seconds) - 1, int(part * len(self.seconds)))]


def settling_of(step: StepResult) -> tuple[Settling, ...]:
    """Return the times of a step, open flows first; without those of which there is nothing to say."""
    starts = [a.started for f in step.findings for a in _attempts(f)]
    if not starts:
        return ()
    found = (_settling(step.findings, seen, min(starts)) for seen in (Seen.OPEN, Seen.CLOSED))
    return tuple(each for each in found if each.seconds)


def _settling(findings: Sequence[Finding], seen: Seen, zero: float) -> Settling:
    times: list[tuple[float, int]] = []
    never = 0
    for number, finding in enumerate(findings):
        if _wanted(finding) is not seen:
            continue
        at = _since(_attempts(finding), seen) if finding.verdict is Verdict.PASS else None
        if at is None:
            never += 1
        else:
            times.append((at - zero, number))
    times.sort()
    return Settling(
        seen=seen,
        seconds=tuple(seconds for seconds, _ in times),
        slowest=findings[times[-1][1]].flow if times else None,
        never=never,
    )


def _wanted(finding: Finding) -> Seen | None:
    """What the policies make of a flow; None where they leave it open or a name stands before it."""
    if finding.decision is None or finding.seen is Seen.NAME_FAILED or finding.verdict is Verdict.SKIP:
        return None
    return {"ALLOW": Seen.OPEN, "DENY": Seen.CLOSED}.get(finding.decision.answer.value)


def _attempts(finding: Finding) -> Sequence[Attempt]:
    attempts = finding.observation.attempts if finding.observation is not None else ()
    return [attempt for attempt in attempts if attempt.phase is not Phase.BASELINE]


def _since(attempts: Sequence[Attempt], seen: Seen) -> float | None:
    """When the last row of attempts that are all ``seen`` began."""
    began = None
    for attempt in reversed(attempts):
        fits = attempt.outcome.is_open if seen is Seen.OPEN else attempt.outcome.is_closed
        if not fits:
            break
        began = attempt.started
    return began
