"""A change on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from netprobe.model.decision import Answer
from netprobe.model.matrix import FlowChange, MatrixChange
from netprobe.report.changes.wording import VERBS, before_text, edge_text, pods_text, total_text
from netprobe.report.ink import Ink, Painter

_INKS = {Answer.ALLOW: Ink.GOOD, Answer.DENY: Ink.BAD, Answer.UNDEFINED: Ink.DOUBT}


def render(change: MatrixChange, *, width: int, color: bool, verbose: bool = False) -> str:
    """Return one paragraph for each change; with ``verbose`` also why it is so now."""
    painter = Painter(color=color)
    lines = [line for each in change.changes for line in _lines(each, width, painter, verbose=verbose)]
    for pods, word in ((change.added, "only in the new state"), (change.removed, "only in the old state")):
        if pods:
            lines += textwrap.wrap(f"{word} (not compared): {pods_text(pods)}", width)
    return "\n".join([*lines, total_text(change)]) + "\n"


def _lines(change: FlowChange, width: int, painter: Painter, *, verbose: bool) -> Iterator[str]:
    verb = VERBS[change.after]
    text = f"{verb:<7}  {edge_text(change)}{before_text(change)}"
    first, *rest = textwrap.wrap(text, width, subsequent_indent=" " * 9, break_on_hyphens=False)
    yield first.replace(verb, painter.paint(verb, _INKS[change.after]), 1)
    yield from rest
    if verbose and change.reason:
        indent = " " * 9
        yield from textwrap.wrap(change.reason, width, initial_indent=indent, subsequent_indent=indent)
