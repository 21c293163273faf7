"""What the packets did: outcomes, attempts and the controls that make silence count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of one attempt. ERROR means that the probe itself failed; it is never "blocked"."""

    CONNECTED = "CONNECTED"
    DROPPED = "DROPPED"
    REJECTED = "REJECTED"
    NAME_FAILED = "NAME_FAILED"
    WRONG_PEER = "WRONG_PEER"
    ERROR = "ERROR"

    @property
    def is_open(self) -> bool:
        """Whether the attempt proves reachability."""
        return self is Outcome.CONNECTED

    @property
    def is_closed(self) -> bool:
        """Whether the attempt met silence or a refusal (which counts only beside good controls)."""
        return self in (Outcome.DROPPED, Outcome.REJECTED)


class Phase(StrEnum):
    """When an attempt was made: before any policy, before the step had settled, or when it counts."""

    BASELINE = "baseline"
    SETTLING = "settling"
    COUNTED = "counted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try of one flow.

    ``round`` numbers the rounds of the run. ``started`` is seconds on the run's clock, ``seconds``
    how long the try took, ``timeout`` what it was given. ``peer`` is who answered (``ns/pod`` as
    the server itself says, empty if nobody did) and ``detail`` the tool's own words.
    ``broken_control`` names the first control that failed in this attempt's round ("" = all good):
    a closed attempt with a broken control is no evidence.
    """

    outcome: Outcome
    phase: Phase
    round: int
    started: float
    seconds: float = 0.0
    timeout: float = 0.0
    peer: str = ""
    address: str = ""
    detail: str = ""
    broken_control: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """All that was seen of one flow in one step.

    ``baseline`` is the best outcome before any policy (None: not probed, or a pod of the flow is
    younger than the baseline, then ``younger`` is true). ``disturbed`` says what else made the
    evidence worthless (a pod restarted, a foreign policy changed), "" if nothing. ``skipped`` says
    what the cluster lacks for this flow, "" if nothing.
    """

    flow: str
    attempts: tuple[Attempt, ...] = ()
    baseline: Outcome | None = None
    younger: bool = False
    disturbed: str = ""
    skipped: str = ""
