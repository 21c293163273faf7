"""A change on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from netprobe.model.decision import Answer
from netprobe.model.matrix import FlowChange, MatrixChange
from netprobe.report.changes.wording import VERBS, before_text, edge_text, pods_text, total_text
from netprobe.report.ink import Ink, Painter

_INDENT = " " * 11
_INKS = {Answer.ALLOW: Ink.GOOD, Answer.DENY: Ink.BAD, Answer.UNDEFINED: Ink.DOUBT}


def render(change: MatrixChange, *, width: int, color: bool, verbose: bool = False) -> str:
    """Return one paragraph for each change; with ``verbose`` also why it is so now."""
    painter = Painter(color=color)
    lines = [line for each in change.changes for line in _lines(each, width, painter, verbose=verbose)]
    for pods, word in ((change.added, "only in the new state"), (change.removed, "only in the old state")):
        if pods:
            lines += _wrapped(f"{word} (not compared): {pods_text(pods)}", width, later="  ")
    return "\n".join([*lines, total_text(change)]) + "\n"


def _lines(change: FlowChange, width: int, painter: Painter, *, verbose: bool) -> Iterator[str]:
    verb = VERBS[change.after]
    edge = edge_text(change, None) if verbose else edge_text(change)
    first, *rest = _wrapped(f"{verb:<9}  {edge}{before_text(change)}", width)
    yield first.replace(verb, painter.paint(verb, _INKS[change.after]), 1)
    yield from rest
    if verbose and change.reason:
        yield from _wrapped(change.reason, width, first=_INDENT)


def _wrapped(text: str, width: int, first: str = "", later: str = _INDENT) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
    )
