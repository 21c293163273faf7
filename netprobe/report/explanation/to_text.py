"""An explanation for a person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from netprobe.model.decision import NETWORK_POLICY, Answer, DirectionDecision, PolicyRef, RuleRef
from netprobe.model.explanation import Explanation
from netprobe.model.policy import Direction
from netprobe.report.ink import Ink, Painter
from netprobe.report.matrix.naming import port_of

_WORDS = {Answer.ALLOW: "ALLOWED", Answer.DENY: "DENIED", Answer.UNDEFINED: "UNDEFINED"}
_INKS = {Answer.ALLOW: Ink.GOOD, Answer.DENY: Ink.BAD, Answer.UNDEFINED: Ink.DOUBT}


def render(explanation: Explanation, *, width: int, color: bool) -> str:
    """Return the answer first, then each end: who isolates the pod, what admits, what nearly did."""
    painter = Painter(color=color)
    return "\n".join(_lines(explanation, width, painter)) + "\n"


def _lines(explanation: Explanation, width: int, painter: Painter) -> Iterator[str]:
    decision = explanation.decision
    word = _WORDS[decision.answer]
    port = port_of(explanation.port, explanation.protocol)
    edge = f"{explanation.source} → {explanation.destination}{port}"
    yield f"{painter.paint(edge, Ink.STRONG)}  {painter.paint(word, _INKS[decision.answer])}"
    ends = [end for end in (decision.egress, decision.ingress) if end is not None]
    if not ends or (decision.backends and len({answer for _, _, answer in decision.backends}) > 1):
        yield ""
        yield from textwrap.wrap(decision.reason, width, initial_indent="  ", subsequent_indent="  ")
    for end in ends:
        yield ""
        yield from _end(end, explanation, width, painter)
    yield from _backends(explanation)
    for note in explanation.notes:
        yield ""
        yield from textwrap.wrap(f"note: {note}", width, subsequent_indent="      ")


def _end(end: DirectionDecision, explanation: Explanation, width: int, painter: Painter) -> Iterator[str]:
    egress = end.direction is Direction.EGRESS
    where = f"egress of {explanation.source}" if egress else f"ingress of {explanation.destination}"
    yield f"  {where}: {painter.paint(_WORDS[end.answer].lower(), _INKS[end.answer])}"
    yield from textwrap.wrap(end.reason, width, initial_indent="    ", subsequent_indent="    ")
    for rules, words in ((end.allowing, "admitted by"), (end.denying, "denied by")):
        for rule in rules:
            yield from _wrapped(f"{words} {_rule(rule, end.direction)}", width)
    if not end.allowing:
        for policy in end.isolating:
            yield from _wrapped(f"isolated by {_policy(policy)}", width)


def _backends(explanation: Explanation) -> Iterator[str]:
    if explanation.decision.backends:
        yield ""
        yield "  ready backends:"
    for address, port, answer in explanation.decision.backends:
        yield f"    {address or 'address not known'}:{port}  {_WORDS[answer].lower()}"


def _wrapped(text: str, width: int) -> Iterator[str]:
    yield from textwrap.wrap(
        text, width, initial_indent="    → ", subsequent_indent="      ", break_on_hyphens=False
    )


def _rule(ref: RuleRef, direction: Direction) -> str:
    kind = "" if ref.kind == NETWORK_POLICY else f"{ref.kind} "
    name = f"{ref.namespace}/{ref.policy}" if ref.namespace else ref.policy
    return f"{kind}{name} {direction.lower()} rule {ref.rule + 1}{_place(ref)}: {ref.text}"


def _policy(ref: PolicyRef) -> str:
    return f"{ref.namespace}/{ref.policy}{_place(ref)}: {ref.text}"


def _place(ref: RuleRef | PolicyRef) -> str:
    return "" if ref.place is None else f" ({ref.place})"
