"""Three-valued logic over answers."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.model.decision import Answer


def every(answers: Iterable[Answer]) -> Answer:
    """AND, for the ends of a flow: DENY wins over UNDEFINED, UNDEFINED over ALLOW; ALLOW of nothing."""
    found = set(answers)
    if Answer.DENY in found:
        return Answer.DENY
    return Answer.UNDEFINED if Answer.UNDEFINED in found else Answer.ALLOW


def some(answers: Iterable[Answer]) -> Answer:
    """OR, for rules: ALLOW wins over UNDEFINED, UNDEFINED over DENY; DENY of nothing."""
    found = set(answers)
    if Answer.ALLOW in found:
        return Answer.ALLOW
    return Answer.UNDEFINED if Answer.UNDEFINED in found else Answer.DENY


def common(answers: Iterable[Answer]) -> Answer:
    """The answer that all share, UNDEFINED when they differ or there are none."""
    found = set(answers)
    return found.pop() if len(found) == 1 else Answer.UNDEFINED
