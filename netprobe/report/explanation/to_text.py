"""An explanation for a person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from netprobe.model.decision import NETWORK_POLICY, Answer, DirectionDecision, PolicyRef, RuleRef
from netprobe.model.explanation import Explanation
from netprobe.model.policy import Direction
from netprobe.report.explanation.wording import bracketed, rule_title
from netprobe.report.ink import Ink, Painter
from netprobe.report.matrix.naming import port_of

_INKS = {Answer.ALLOW: Ink.GOOD, Answer.DENY: Ink.BAD, Answer.UNDEFINED: Ink.DOUBT}
_WORDS = {Answer.ALLOW: "ALLOWED", Answer.DENY: "DENIED", Answer.UNDEFINED: "UNDEFINED"}


def render(explanation: Explanation, *, width: int, color: bool) -> str:
    """Return the answer first, then each end: who isolates the pod, what admits, what nearly did."""
    return "\n".join(_lines(explanation, width, Painter(color=color))) + "\n"


def _lines(explanation: Explanation, width: int, painter: Painter) -> Iterator[str]:
    decision = explanation.decision
    word = _WORDS[decision.answer]
    port = port_of(explanation.port, explanation.protocol)
    edge = f"{bracketed(explanation.source)} → {bracketed(explanation.destination)}{port}"
    first, *rest = _wrapped(f"{word}  {edge}", width, 0, len(word) + 2)
    yield first.replace(word, painter.paint(word, _INKS[decision.answer]), 1)
    yield from rest
    ends = _ends(explanation)
    if not ends:
        yield ""
        yield from _wrapped(_sentence(explanation), width, 2, 2)
    for end in ends:
        yield ""
        yield from _end(end, explanation, width, painter)
    yield from _backends(explanation, painter)


def _ends(explanation: Explanation) -> list[DirectionDecision]:
    """The ends to tell of: none when one sentence says all, as about a pod and itself."""
    decision = explanation.decision
    ends = [end for end in (decision.egress, decision.ingress) if end is not None]
    alike = len({end.reason for end in ends}) < len(ends)
    return [] if alike and not any(end.isolating or end.allowing or end.denying for end in ends) else ends


def _sentence(explanation: Explanation) -> str:
    decision = explanation.decision
    return decision.reason if decision.ingress is None else decision.ingress.reason


def _end(end: DirectionDecision, explanation: Explanation, width: int, painter: Painter) -> Iterator[str]:
    yield f"  {_title(end, explanation)}: {painter.paint(_WORDS[end.answer].lower(), _INKS[end.answer])}"
    admitted = end.answer is Answer.ALLOW
    for policy in end.isolating:
        head = f"isolated by {policy.namespace}/{policy.policy}{_place(policy)}"
        yield from _item(head, "" if admitted else f"admits {policy.text}", width)
    yield from _rules(end, width)
    miss = end.nearest_miss
    if miss is not None:
        head = f"nearest miss: {rule_title(miss, end.direction)}{_place(miss)}"
        yield from _item(head, miss.text, width)
    if end.answer is Answer.UNDEFINED or not (end.isolating or end.allowing or end.denying):
        yield from _wrapped(end.reason, width, 4, 4)


def _rules(end: DirectionDecision, width: int) -> Iterator[str]:
    """The rules that decide; of a cluster-wide policy the sentence says its rank, too."""
    for number, rule in enumerate((*end.allowing, *end.denying)):
        if number == 0 and rule.kind != NETWORK_POLICY:
            yield from _wrapped(f"{end.reason}{_place(rule)}", width, 4, 6)
            continue
        words, verb = ("admitted", "admits") if end.allowing else ("denied", "denies")
        head = f"{words} by {rule_title(rule, end.direction)}{_place(rule)}"
        yield from _item(head, f"{verb} {rule.text}", width)


def _title(end: DirectionDecision, explanation: Explanation) -> str:
    if end.direction is Direction.EGRESS:
        return f"egress of {bracketed(explanation.source)}"
    where = "behind" if explanation.decision.backends else "of"
    return f"ingress {where} {bracketed(explanation.destination)}"


def _backends(explanation: Explanation, painter: Painter) -> Iterator[str]:
    backends = explanation.decision.backends
    if not backends:
        return
    yield ""
    yield f"  ready backends of {explanation.destination}:"
    room = max(len(_WORDS[answer]) for _, _, answer in backends)
    for (address, port, answer), name in zip(backends, explanation.backends, strict=True):
        where = f"{bracketed(address)}:{port}" if address else f"port {port}"
        word = _WORDS[answer].lower()
        yield f"    {painter.paint(word, _INKS[answer])}{' ' * (room - len(word))}  {name} ({where})"


def _item(head: str, body: str, width: int) -> Iterator[str]:
    yield from _wrapped(head, width, 4, 6)
    if body:
        yield from _wrapped(body, width, 6, 6)


def _wrapped(text: str, width: int, first: int, later: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=" " * first,
        subsequent_indent=" " * later,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _place(ref: RuleRef | PolicyRef) -> str:
    return "" if ref.place is None else f" ({ref.place})"
