"""A checkup for a person: one line for each check, and below it what to do."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator

from netprobe.model.checkup import Check, Checkup, Health
from netprobe.report.ink import Ink, Painter

_INKS = {Health.OK: Ink.GOOD, Health.WARNING: Ink.DOUBT, Health.FAILED: Ink.BAD, Health.UNSEEN: Ink.DOUBT}
_COULD_NOT_LOOK = max(len(health) for health in Health)
_GAP = 2
_NARROWEST = 30


def render(checkup: Checkup, *, width: int, color: bool) -> str:
    """Return the table, and a sentence about what it means for a run."""
    painter = Painter(color=color)
    lines = [painter.paint(checkup.subject, Ink.STRONG)]
    titles = max(len(check.title) for check in checkup.checks)
    for check in checkup.checks:
        lines += _check(check, titles, width, painter)
    return "\n".join([*lines, "", *_wrapped(_conclusion(checkup), width)]) + "\n"


def _check(check: Check, titles: int, width: int, painter: Painter) -> Iterator[str]:
    word = painter.paint(check.health.value.ljust(_COULD_NOT_LOOK), _INKS[check.health])
    indent = _GAP + _COULD_NOT_LOOK + _GAP + titles + _GAP
    first, *others = _wrapped(check.found, width - indent)
    yield f"{' ' * _GAP}{word}{' ' * _GAP}{check.title.ljust(titles)}{' ' * _GAP}{first}"
    for line in others:
        yield " " * indent + line
    for detail in check.details:
        yield from _hanging("- ", detail, indent, width)
    if check.remedy:
        yield from _hanging("→ ", check.remedy, indent, width)


def _hanging(mark: str, text: str, indent: int, width: int) -> Iterator[str]:
    for number, line in enumerate(_wrapped(text, width - indent - len(mark))):
        yield " " * indent + (" " * len(mark) if number else mark) + line


def _wrapped(text: str, width: int) -> list[str]:
    room = max(width, _NARROWEST)
    return textwrap.wrap(text, room, break_on_hyphens=False, break_long_words=False) or [""]


def _conclusion(checkup: Checkup) -> str:
    counts = Counter(check.health for check in checkup.checks)
    told = ", ".join(f"{counts[health]} {health.value}" for health in Health if counts[health])
    if checkup.exit_code:
        return f"{told}: a run would get no answer (exit code {checkup.exit_code})"
    if counts[Health.OK] == len(checkup.checks):
        return f"{told}: a run should get an answer (exit code 0)"
    return f"{told}: a run should get an answer; what is not ok may limit it (exit code 0)"
