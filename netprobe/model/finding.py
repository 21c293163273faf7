"""Findings: the verdict about one flow in one step, with the party to blame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.decision import Decision
from netprobe.model.flow import Flow
from netprobe.model.observation import Observation
from netprobe.model.place import Place


class Verdict(StrEnum):
    """The verdict of a finding; ``severity`` orders them, worst last."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    SKIP = "SKIP"
    UNDEFINED = "UNDEFINED"
    INCONCLUSIVE = "INCONCLUSIVE"
    FAIL = "FAIL"

    @property
    def severity(self) -> int:
        """0 for PASS to 4 for FAIL."""
        return list(Verdict).index(self)


class Kind(StrEnum):
    """What kind of failure a FAIL is; the kind names the party."""

    LEAK = "LEAK"
    BLOCKED = "BLOCKED"
    POLICY_MISTAKE = "POLICY_MISTAKE"


class Party(StrEnum):
    """Who is wrong."""

    NETWORK = "network"
    POLICY = "policy"


class Seen(StrEnum):
    """What the evidence amounts to."""

    OPEN = "open"
    CLOSED = "closed"
    NAME_FAILED = "name-failed"
    NOTHING = "nothing"


class Expectation(StrEnum):
    """What the author of the scenario wants of a flow."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, kw_only=True, slots=True)
class IntentRef:
    """The intent for a flow and the line (or ``default:``) that gave it."""

    expectation: Expectation
    text: str
    place: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """One of the two comparisons of a finding; ``reason`` is a sentence for a person."""

    verdict: Verdict
    kind: Kind | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """The verdict about one flow in one step; the worse of the two comparisons.

    ``id`` is stable: ``scenario/step/<flow key>``. ``network`` compares packets with policies,
    ``policy`` compares policies with the intent. ``explanation`` is what a person reads.
    """

    id: str
    flow: Flow
    verdict: Verdict
    kind: Kind | None = None
    party: Party | None = None
    network: Comparison
    policy: Comparison
    decision: Decision | None = None
    intent: IntentRef | None = None
    seen: Seen = Seen.NOTHING
    observation: Observation | None = None
    explanation: str = ""
    seconds: float = 0.0
