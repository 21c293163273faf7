"""An explanation for a program."""

from __future__ import annotations

import json

from netprobe.model.decision import DirectionDecision, PolicyRef, RuleRef
from netprobe.model.explanation import Explanation

VERSION = 1
"""The value of ``netprobe_explanation``; it grows when a reader of the old shape would be misled."""


def render(explanation: Explanation) -> str:
    """Return the document."""
    decision = explanation.decision
    document = {
        "netprobe_explanation": VERSION,
        "source": explanation.source,
        "destination": explanation.destination,
        "port": explanation.port,
        "protocol": explanation.protocol.value,
        "answer": decision.answer.value,
        "reason": decision.reason,
        "egress": _end(decision.egress),
        "ingress": _end(decision.ingress),
        "backends": _backends(explanation),
        "notes": list(explanation.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _end(end: DirectionDecision | None) -> dict[str, object] | None:
    if end is None:
        return None
    return {
        "answer": end.answer.value,
        "reason": end.reason,
        "isolated_by": [_policy(ref) for ref in end.isolating],
        "allowed_by": [_rule(ref) for ref in end.allowing],
        "denied_by": [_rule(ref) for ref in end.denying],
        "nearest_miss": None if end.nearest_miss is None else _rule(end.nearest_miss),
    }


def _policy(ref: PolicyRef) -> dict[str, object]:
    return {"namespace": ref.namespace, "name": ref.policy, "place": _place(ref), "text": ref.text}


def _rule(ref: RuleRef) -> dict[str, object]:
    return {
        "kind": ref.kind,
        "namespace": ref.namespace,
        "name": ref.policy,
        "rule": ref.rule,
        "place": _place(ref),
        "text": ref.text,
    }


def _place(ref: RuleRef | PolicyRef) -> str | None:
    return None if ref.place is None else str(ref.place)


def _backends(explanation: Explanation) -> list[dict[str, object]]:
    decided = zip(explanation.decision.backends, explanation.backends, strict=True)
    return [
        {"name": name, "address": address or None, "port": port, "answer": answer.value}
        for (address, port, answer), name in decided
    ]
