"""Decisions about whole flows, put together from ends, backends and names."""

from __future__ import annotations

from collections.abc import Sequence

from netprobe.model.decision import Answer, Decision, DirectionDecision
from netprobe.oracle.answers import common, every

_WORDS = {Answer.ALLOW: "allowed", Answer.DENY: "denied", Answer.UNDEFINED: "undefined"}

Backing = tuple[str, int, Decision]
"""A backend's address and port, and the decision about the source reaching it."""


def undefined(reason: str) -> Decision:
    """Return a decision that cannot be made, and why."""
    return Decision(answer=Answer.UNDEFINED, reason=f"undefined: {reason}")


def of_ends(egress: DirectionDecision | None, ingress: DirectionDecision | None) -> Decision:
    """AND both ends; the one that is no pod is None.

    Concept page, "The two sorts of pod isolation": for a connection, both the egress policy on the
    source and the ingress policy on the destination need to allow it.
    """
    both = ((egress, "at the source"), (ingress, "at the destination"))
    ends = [(end, where) for end, where in both if end is not None]
    answer = every(end.answer for end, _ in ends)
    deciding = [(end.reason, where) for end, where in ends if end.answer is answer]
    if answer is Answer.ALLOW:
        reason = "allowed: " + "; ".join(reason for reason, _ in deciding)
    elif len(deciding) == 1:
        reason = f"{_WORDS[answer]} {deciding[0][1]}: {deciding[0][0]}"
    else:
        texts = "; ".join(f"{where}, {reason}" for reason, where in deciding)
        reason = f"{_WORDS[answer]} at both ends: {texts}"
    return Decision(answer=answer, egress=egress, ingress=ingress, reason=reason)


def of_backends(service: str, backings: Sequence[Backing]) -> Decision:
    """Return the answer that all backends share; UNDEFINED when they differ, for any may be chosen."""
    answer = common(decision.answer for _, _, decision in backings)
    backends = tuple((address, port, decision.answer) for address, port, decision in backings)
    first = backings[0][2]
    if any(decision.answer is not answer for _, _, decision in backings):
        texts = ", ".join(f"{address}:{port} {_WORDS[found]}" for address, port, found in backends)
        reason = f"undefined: the backends of Service {service} differ ({texts}), and any of them may answer"
        return Decision(answer=answer, backends=backends, reason=reason)
    many = f"all {len(backings)} ready backends" if len(backings) > 1 else "its one ready backend"
    return Decision(
        answer=answer,
        egress=first.egress,
        ingress=first.ingress,
        backends=backends,
        reason=f"{first.reason} (by Service {service}, the same for {many})",
    )


def with_dns(edge: Decision, dns: Decision) -> Decision:
    """AND the decision about name resolution into that about a flow by name."""
    answer = every((edge.answer, dns.answer))
    if edge.answer is answer:
        reason = edge.reason
    else:
        reason = f"{_WORDS[answer]} at name resolution, which comes first: {dns.reason}"
    return Decision(
        answer=answer,
        egress=edge.egress,
        ingress=edge.ingress,
        dns=dns,
        backends=edge.backends,
        reason=reason,
    )
