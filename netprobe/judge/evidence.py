"""What the attempts of one flow amount to, and when there are enough of them.

One success proves reachability; silence proves nothing by itself. Everything here is about what
must stand beside silence before it counts: spacing, good controls, an open baseline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.decision import Answer, Decision
from netprobe.model.finding import Seen
from netprobe.model.observation import Attempt, Observation, Outcome, Phase

SPACING = 1.0
"""Seconds that must lie between the starts of two silent attempts for both to count."""

TOLERANCE = 0.010
"""Seconds by which a start may fall short of ``SPACING``: the resolution of /proc/uptime."""

ENOUGH_CLOSED = 3
"""Silent attempts that prove a flow closed where closed is expected (or nothing is)."""

ENOUGH_BLOCKED = 4
"""Silent attempts that prove a flow closed where open is expected."""

LAST = 3
"""How many of the last attempts may show a leak when the ceiling is reached."""


class Goal(StrEnum):
    """What the policies let us expect, and so which rule reads the evidence.

    OPEN and CLOSED: the answer is ALLOW or DENY. UNRESOLVED: the flow goes by name and dns is denied,
    so the name must not resolve. BACKENDS: the Service has backends with different answers; who
    answered decides. EITHER: the policies leave it open.
    """

    OPEN = "open"
    CLOSED = "closed"
    UNRESOLVED = "unresolved"
    BACKENDS = "backends"
    EITHER = "either"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What was seen. ``reason`` says why it is NOTHING, or is a remark; ``backend`` is who answered.

    ``backend`` is set for Goal.BACKENDS only: the oracle's answer for the backend that connected.
    """

    seen: Seen
    reason: str = ""
    backend: Answer | None = None


Peers = Mapping[str, str]
"""Who answers where: ``namespace/pod`` to the pod's primary address."""


def goal_of(decision: Decision) -> Goal:
    """Say which rule reads the evidence of a flow with this decision."""
    if decision.dns is not None and decision.dns.answer is Answer.DENY:
        return Goal.UNRESOLVED
    if decision.answer is Answer.ALLOW:
        return Goal.OPEN
    if decision.answer is Answer.DENY:
        return Goal.CLOSED
    dns_is_sure = decision.dns is None or decision.dns.answer is Answer.ALLOW
    answers = {answer for _, _, answer in decision.backends}
    return Goal.BACKENDS if dns_is_sure and len(answers) > 1 else Goal.EITHER


def is_enough(attempts: Sequence[Attempt], decision: Decision, peers: Peers) -> bool:
    """Whether the flow has settled: no further attempt is needed to judge it.

    Expected open: one CONNECTED. Expected closed: three good closed attempts, at least 1 s apart,
    and no CONNECTED after them. Either: whichever comes first.
    """
    counted = _counted(attempts)
    match goal_of(decision):
        case Goal.OPEN:
            return any(a.outcome.is_open for a in counted)
        case Goal.CLOSED:
            return _closes(counted, _is_closed, _is_open)
        case Goal.UNRESOLVED:
            return _closes(counted, _is_unresolved, _is_resolved)
        case Goal.BACKENDS:
            answers = _answers(counted[-LAST:], decision, peers)
            return len(spaced(counted)) >= LAST and Answer.ALLOW in answers and Answer.DENY not in answers
        case Goal.EITHER:
            return _either(counted, decision).seen is not Seen.NOTHING


def seen_of(observation: Observation, decision: Decision, peers: Peers) -> Evidence:
    """Read all the evidence of one flow in one step (the ceiling has been reached or it settled)."""
    counted = _counted(observation.attempts)
    evidence = _read(counted, decision, peers)
    if evidence.seen is Seen.NOTHING:
        return Evidence(seen=Seen.NOTHING, reason=why_nothing(counted, decision))
    proven_by_dns = goal_of(decision) is Goal.UNRESOLVED and evidence.seen is Seen.CLOSED
    rests_on_silence = evidence.seen in (Seen.CLOSED, Seen.NAME_FAILED) and not proven_by_dns
    if rests_on_silence and not _had_baseline(observation):
        return Evidence(seen=Seen.NOTHING, reason=_without_baseline(observation))
    return evidence


def _read(counted: Sequence[Attempt], decision: Decision, peers: Peers) -> Evidence:
    match goal_of(decision):
        case Goal.OPEN:
            return _expecting_open(counted)
        case Goal.CLOSED:
            return _expecting_closed(counted)
        case Goal.UNRESOLVED:
            return _expecting_unresolved(counted)
        case Goal.BACKENDS:
            return _asking_backends(counted, decision, peers)
        case Goal.EITHER:
            return _either(counted, decision)


def spaced(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """The longest series of attempts whose starts lie at least 1 s apart, from the first one on."""
    series: list[Attempt] = []
    for attempt in attempts:
        if not series or attempt.started >= series[-1].started + SPACING - TOLERANCE:
            series.append(attempt)
    return tuple(series)


def why_nothing(counted: Sequence[Attempt], decision: Decision) -> str:
    """Name the cause for which these attempts prove nothing: the one that spoiled most of them."""
    if not counted:
        return "no attempt was made after the step took effect"
    causes = _causes(counted, decision)
    if causes:
        # max() keeps the first of equals, so the order of the causes settles a draw.
        return max(causes, key=lambda cause: cause[0])[1]
    silent = [a for a in counted if a.outcome.is_closed or a.outcome is Outcome.NAME_FAILED]
    last = counted[-1].outcome.value
    if silent:
        apart = f"at least {SPACING:g} s apart"
        return f"too few silent attempts {apart} ({len(spaced(silent))}); last outcome {last}"
    return f"the attempts contradict each other; last outcome {last}"


def _causes(counted: Sequence[Attempt], decision: Decision) -> list[tuple[int, str]]:
    """What can spoil attempts, with how many it did, in words."""
    silent = [a for a in counted if a.outcome.is_closed or a.outcome is Outcome.NAME_FAILED]
    broken = [a for a in silent if a.broken_control]
    by_outcome = {outcome: [a for a in counted if a.outcome is outcome] for outcome in Outcome}
    causes = []
    if broken:
        words = f"{len(broken)} of {len(silent)} silent attempts do not count: {broken[-1].broken_control}"
        causes.append((len(broken), words))
    unresolved = by_outcome[Outcome.NAME_FAILED]
    if unresolved and goal_of(decision) is not Goal.UNRESOLVED:
        words = "the name was not resolved although the policies do not deny dns; see this source's dns flow"
        causes.append((len(unresolved), words))
    if failed := by_outcome[Outcome.ERROR]:
        causes.append((len(failed), f"the probe itself failed: {failed[-1].detail or 'no reason is known'}"))
    if wrong := by_outcome[Outcome.WRONG_PEER]:
        causes.append((len(wrong), f"another pod answered: {wrong[-1].peer}"))
    return causes


def _counted(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    return tuple(sorted((a for a in attempts if a.phase is Phase.COUNTED), key=lambda a: a.started))


def _is_open(attempt: Attempt) -> bool:
    return attempt.outcome.is_open


def _is_closed(attempt: Attempt) -> bool:
    return attempt.outcome.is_closed and not attempt.broken_control


def _is_unresolved(attempt: Attempt) -> bool:
    return attempt.outcome is Outcome.NAME_FAILED and not attempt.broken_control


def _is_resolved(attempt: Attempt) -> bool:
    # Silence after the name was resolved still shows that dns answered.
    return attempt.outcome.is_open or attempt.outcome.is_closed


def _closes(
    counted: Sequence[Attempt], counts: Callable[[Attempt], bool], refutes: Callable[[Attempt], bool]
) -> bool:
    """Whether enough attempts that count come after the last one that refutes them."""
    tail: list[Attempt] = []
    for attempt in counted:
        if refutes(attempt):
            tail = []
        elif counts(attempt):
            tail.append(attempt)
    return len(spaced(tail)) >= ENOUGH_CLOSED


def _expecting_open(counted: Sequence[Attempt]) -> Evidence:
    if any(a.outcome.is_open for a in counted):
        return Evidence(seen=Seen.OPEN)
    closed = [a for a in counted if _is_closed(a)]
    return Evidence(seen=Seen.CLOSED if len(spaced(closed)) >= ENOUGH_BLOCKED else Seen.NOTHING)


def _expecting_closed(counted: Sequence[Attempt]) -> Evidence:
    if _closes(counted, _is_closed, _is_open):
        return Evidence(seen=Seen.CLOSED)
    return Evidence(seen=Seen.OPEN if any(map(_is_open, counted[-LAST:])) else Seen.NOTHING)


def _expecting_unresolved(counted: Sequence[Attempt]) -> Evidence:
    if _closes(counted, _is_unresolved, _is_resolved):
        return Evidence(seen=Seen.NAME_FAILED)
    last = counted[-LAST:]
    if any(map(_is_open, last)):
        return Evidence(seen=Seen.OPEN)
    # Here silence is the proof of a success, that of the name: it needs neither controls nor a series.
    if any(map(_is_resolved, last)):
        return Evidence(seen=Seen.CLOSED, reason="the name was resolved")
    return Evidence(seen=Seen.NOTHING)


def _asking_backends(counted: Sequence[Attempt], decision: Decision, peers: Peers) -> Evidence:
    answers = _answers(counted[-LAST:], decision, peers) or _answers(counted, decision, peers)[-1:]
    for answer in (Answer.DENY, Answer.UNDEFINED, Answer.ALLOW):
        if answer in answers:
            return Evidence(seen=Seen.OPEN, backend=answer)
    return Evidence(seen=Seen.NOTHING)


def _answers(attempts: Sequence[Attempt], decision: Decision, peers: Peers) -> list[Answer]:
    """The oracle's answers for the backends that answered, in order; an unknown answerer is left out."""
    by_address = {address: answer for address, _, answer in decision.backends}
    found = [by_address.get(peers.get(a.peer, "")) for a in attempts if a.outcome.is_open]
    return [answer for answer in found if answer is not None]


def _either(counted: Sequence[Attempt], decision: Decision) -> Evidence:
    if any(a.outcome.is_open for a in counted):
        return Evidence(seen=Seen.OPEN)
    dns_is_open_question = decision.dns is not None and decision.dns.answer is Answer.UNDEFINED
    silent = spaced([a for a in counted if _is_closed(a) or (dns_is_open_question and _is_unresolved(a))])
    if len(silent) < ENOUGH_CLOSED:
        return Evidence(seen=Seen.NOTHING)
    unresolved = all(a.outcome is Outcome.NAME_FAILED for a in silent)
    return Evidence(seen=Seen.NAME_FAILED if unresolved else Seen.CLOSED)


def _had_baseline(observation: Observation) -> bool:
    return observation.younger or observation.baseline is Outcome.CONNECTED


def _without_baseline(observation: Observation) -> str:
    if observation.baseline is None:
        return "it was silent, and it was never measured before the policies"
    return (
        "it was silent, but it was not open before any policy either "
        f"(baseline: {observation.baseline.value}): look at the server or the cluster first"
    )
