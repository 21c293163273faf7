"""The decision at one end after a tier of cluster-wide policies."""

from __future__ import annotations

from netprobe.model.admin_policy import Action
from netprobe.model.decision import Answer, DirectionDecision, RuleRef
from netprobe.model.policy import Direction
from netprobe.oracle.admin_wording import admin_rule_text
from netprobe.oracle.tiers import Met, Walk

_ANSWERS = {Action.ALLOW: Answer.ALLOW, Action.DENY: Answer.DENY}
_VERBS = {Action.ALLOW: "allows", Action.DENY: "denies", Action.PASS: "passes on"}


def after_tier(direction: Direction, walk: Walk, later: DirectionDecision | None) -> DirectionDecision:
    """Put a tier's word and that of what comes after it (None when nothing can) together.

    All that may happen must agree; else the answer is UNDEFINED, with the rules that leave it open.
    """
    deciding = [met for met in walk.met if met.rule.action in _ANSWERS]
    outcomes = {_ANSWERS[met.rule.action] for met in deciding}
    if later is not None:
        outcomes.add(later.answer)
    if len(outcomes) > 1:
        return _undefined(direction, walk, later)
    if later is not None:
        return later
    first = deciding[0]
    refs = tuple(_ref(met, direction) for met in deciding)
    allowed = first.rule.action is Action.ALLOW
    return DirectionDecision(
        direction=direction,
        answer=_ANSWERS[first.rule.action],
        allowing=refs if allowed else (),
        denying=() if allowed else refs,
        reason=_says(first, direction),
    )


def _undefined(direction: Direction, walk: Walk, later: DirectionDecision | None) -> DirectionDecision:
    texts = [_says(met, direction) for met in walk.met]
    if walk.tie:
        why = "policies of one priority disagree, and the network may apply any of them"
    else:
        why = "what is known of the cluster does not tell which of these decides"
    if later is not None:
        texts.append(f"otherwise {later.reason}")
    return DirectionDecision(
        direction=direction,
        answer=Answer.UNDEFINED,
        isolating=later.isolating if later is not None else (),
        reason=f"{why}: {'; '.join(texts)}",
    )


def _ref(met: Met, direction: Direction) -> RuleRef:
    return RuleRef(
        kind=met.policy.kind,
        namespace="",
        policy=met.policy.name,
        rule=met.number,
        text=admin_rule_text(met.rule, direction),
        place=met.rule.place,
    )


def _says(met: Met, direction: Direction) -> str:
    policy = met.policy
    name = f' ("{met.rule.name}")' if met.rule.name else ""
    where = f"{policy.kind} {policy.name} ({policy.tier.lower()} tier, priority {policy.priority})"
    text = admin_rule_text(met.rule, direction)
    perhaps = "" if met.certain else "perhaps "
    return (
        f"{where} {direction.lower()} rule {met.number + 1}{name} {perhaps}{_VERBS[met.rule.action]} {text}"
    )
