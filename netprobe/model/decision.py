"""What the policies say about a flow, and which rules made it so."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.place import Place
from netprobe.model.policy import Direction

NETWORK_POLICY = "NetworkPolicy"


class Answer(StrEnum):
    """The oracle's answer; UNDEFINED where the Kubernetes reference leaves it open."""

    ALLOW = "ALLOW"
    DENY = "DENY"
    UNDEFINED = "UNDEFINED"


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleRef:
    """A rule of a policy: ``rule`` counts from 0; ``text`` says in words whom or what it is about.

    ``namespace`` is "" for the kinds that are cluster-wide.
    """

    namespace: str
    policy: str
    rule: int
    text: str = ""
    kind: str = NETWORK_POLICY
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyRef:
    """A policy by name; ``text`` says in words what it admits in the direction at hand (for a DENY)."""

    namespace: str
    policy: str
    text: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectionDecision:
    """One end of a flow.

    ``isolating``: the NetworkPolicies that isolate the pod in this direction. ``allowing``: the rules
    that admit the flow, of NetworkPolicies or cluster-wide policies; ``denying``: the rules of
    cluster-wide policies that refuse it. ``reason`` is a sentence for a person, always set;
    ``nearest_miss`` is the rule that came nearest to admitting a denied flow, its text saying why it does
    not; None if none came near.
    """

    direction: Direction
    answer: Answer
    isolating: tuple[PolicyRef, ...] = ()
    allowing: tuple[RuleRef, ...] = ()
    denying: tuple[RuleRef, ...] = ()
    reason: str = ""
    nearest_miss: RuleRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The answer for a flow: both ends ANDed (DENY wins over UNDEFINED), with the ends that were asked.

    ``dns`` is the decision about name resolution when the flow goes by name, else None; it is
    already ANDed into ``answer``. ``backends`` holds one (address, port, answer) per ready endpoint
    for flows via a Service, in the order of the topology; an endpoint without address is named.
    """

    answer: Answer
    egress: DirectionDecision | None = None
    ingress: DirectionDecision | None = None
    dns: Decision | None = None
    backends: tuple[tuple[str, int, Answer], ...] = ()
    reason: str = ""
