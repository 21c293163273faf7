"""The two comparisons of a finding: network against policy, policy against intent."""

from __future__ import annotations

from netprobe.judge.evidence import Evidence, Goal, goal_of
from netprobe.judge.wording import policies_text, seen_text, why_text
from netprobe.model.decision import Answer, Decision
from netprobe.model.finding import Comparison, Expectation, IntentRef, Kind, Seen, Verdict
from netprobe.model.observation import Observation


def compare_network(decision: Decision, evidence: Evidence, observation: Observation) -> Comparison:
    """Compare packets with policies: LEAK, BLOCKED, UNDEFINED, INCONCLUSIVE or PASS.

    ``evidence.seen`` NOTHING is INCONCLUSIVE whatever the policies say.
    """
    if evidence.seen is Seen.NOTHING:
        return Comparison(verdict=Verdict.INCONCLUSIVE, reason=evidence.reason)
    match goal_of(decision):
        case Goal.OPEN | Goal.CLOSED:
            return _compare_answer(decision, evidence, observation)
        case Goal.UNRESOLVED:
            return _compare_resolution(decision, evidence)
        case Goal.BACKENDS:
            return _compare_backend(decision, evidence)
        case Goal.EITHER:
            words = f"{seen_text(evidence.seen, observation)}; {why_text(decision)}"
            return Comparison(verdict=Verdict.UNDEFINED, reason=words)


def compare_policy(decision: Decision, intent: IntentRef | None, seen: Seen) -> Comparison:
    """Compare policies with intent; needs packets only where the policies leave the flow open."""
    if intent is None:
        return Comparison(verdict=Verdict.PASS, reason="no intent is given for this flow")
    wanted = intent.expectation
    said = f"the intent is {wanted.value} ({intent.text})" if intent.text else f"the intent is {wanted.value}"
    if decision.answer is Answer.UNDEFINED:
        return _compare_undefined(wanted, said, seen)
    agrees = (decision.answer is Answer.ALLOW) == (wanted is Expectation.ALLOW)
    if agrees:
        return Comparison(verdict=Verdict.PASS, reason=f"{said}, and so do the policies")
    verb = "allow" if decision.answer is Answer.ALLOW else "deny"
    return Comparison(
        verdict=Verdict.FAIL,
        kind=Kind.POLICY_MISTAKE,
        reason=f"{said}, but the policies {verb} it: {why_text(decision)}",
    )


def _compare_answer(decision: Decision, evidence: Evidence, observation: Observation) -> Comparison:
    is_open = evidence.seen is Seen.OPEN
    if is_open == (decision.answer is Answer.ALLOW):
        verb = "connected" if is_open else "blocked"
        return Comparison(verdict=Verdict.PASS, reason=f"{verb}, {policies_text(decision)}")
    if is_open:
        return _leak(f"connected; {why_text(decision)}")
    words = f"{seen_text(evidence.seen, observation)}; {why_text(decision)}"
    return Comparison(verdict=Verdict.FAIL, kind=Kind.BLOCKED, reason=words)


def _compare_resolution(decision: Decision, evidence: Evidence) -> Comparison:
    if evidence.seen is Seen.NAME_FAILED:
        words = f"the name was not resolved, {policies_text(decision)}; this proves dns only"
        return Comparison(verdict=Verdict.PASS, reason=words)
    then = " and connected" if evidence.seen is Seen.OPEN else ""
    return _leak(f"resolved the name{then}, a leak of dns; {why_text(decision)}")


def _compare_backend(decision: Decision, evidence: Evidence) -> Comparison:
    if evidence.backend is Answer.DENY:
        return _leak(f"was answered by a backend that the policies deny; {why_text(decision)}")
    if evidence.backend is Answer.ALLOW:
        words = "answered by a backend that the policies allow, and by none that they deny"
        return Comparison(verdict=Verdict.PASS, reason=words)
    return Comparison(verdict=Verdict.UNDEFINED, reason=f"connected; {why_text(decision)}")


def _compare_undefined(wanted: Expectation, said: str, seen: Seen) -> Comparison:
    if seen is Seen.NOTHING:
        words = f"{said}, the policies leave it undefined, and nothing was seen that decides it"
        return Comparison(verdict=Verdict.INCONCLUSIVE, reason=words)
    if (seen is Seen.OPEN) == (wanted is Expectation.ALLOW):
        words = f"{said}: true here, not guaranteed, since the policies leave it undefined"
        return Comparison(verdict=Verdict.UNDEFINED, reason=words)
    words = f"{said}, but the policies leave it undefined, and this network does the opposite"
    return Comparison(verdict=Verdict.FAIL, kind=Kind.POLICY_MISTAKE, reason=words)


def _leak(reason: str) -> Comparison:
    return Comparison(verdict=Verdict.FAIL, kind=Kind.LEAK, reason=reason)
