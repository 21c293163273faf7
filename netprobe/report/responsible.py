"""Which policies and rules a decision rests on, and how they are called."""

from __future__ import annotations

from netprobe.model.decision import Decision, PolicyRef, RuleRef

Ref = PolicyRef | RuleRef


def responsible_for(decision: Decision | None) -> tuple[Ref, ...]:
    """Return the policies and rules that made ``decision`` what it is, the destination's first.

    Of an end that was decided otherwise nothing is returned; where no policy had a say, nothing is.
    """
    if decision is None:
        return ()
    ends = [end for end in (decision.ingress, decision.egress) if end is not None]
    refs: list[Ref] = []
    for end in ends:
        if end.answer is decision.answer:
            refs += [*end.denying, *end.allowing, *(end.isolating if not end.allowing else ())]
    return tuple(dict.fromkeys(refs)) or responsible_for(decision.dns)


def reference_text(ref: Ref) -> str:
    """Return ``production/api-policy, rule 1``; cluster-wide kinds are named with their kind."""
    name = f"{ref.namespace}/{ref.policy}" if ref.namespace else ref.policy
    if isinstance(ref, RuleRef):
        kind = "" if ref.namespace else f"{ref.kind} "
        return f"{kind}{name}, rule {ref.rule + 1}"
    return name


def place_text(ref: Ref) -> str:
    """Return where ``ref`` stands in a file; what was read from a cluster stands nowhere: ""."""
    return str(ref.place) if ref.place is not None and ref.place.line else ""
