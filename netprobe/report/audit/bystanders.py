"""What became of the user's own pods, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.model.audit import BystanderFlow, BystanderResult, BystanderWord, Enforcement
from netprobe.report.audit.wording import INKS, wrapped
from netprobe.report.ink import Ink, Painter

HEADLINE = "pods named with --also, asked as destinations and not touched"

_SHOWN = (BystanderWord.LEAK, BystanderWord.BLOCKED, BystanderWord.NO_ANSWER)
_MOST = 1


def bystander_lines(
    bystanders: Iterable[BystanderResult], width: int, painter: Painter, *, verbose: bool
) -> Iterator[str]:
    """A headline, and for each pod its verdict and what speaks for it; every flow if ``verbose``."""
    bystanders = list(bystanders)
    if not bystanders:
        return
    yield painter.paint(HEADLINE, Ink.STRONG)
    for each in bystanders:
        first, *rest = wrapped(f"{each.title}: {told(each)}", width, indent=2, hanging=2)
        yield first.replace(_word(each), painter.paint(_word(each), INKS[each.verdict]), 1)
        yield from rest
        shown = each.flows if verbose else notable(each)[:_MOST]
        for flow in shown:
            yield from wrapped(flow.text, width, indent=6, hanging=2)
        left = 0 if verbose else len(notable(each)) - len(shown)
        if left:
            yield f"      and {left} more of this kind (-v shows all)"


def told(each: BystanderResult) -> str:
    """The verdict, the policies that isolate the pod, and how the flows came out."""
    by = ", ".join(each.policies)
    whose = f"isolated by {by}" if by else "no policy isolates it"
    return f"{_word(each)}, {whose}; {counts(each)}"


def _word(each: BystanderResult) -> str:
    return "nothing to enforce" if each.verdict is Enforcement.SKIPPED else each.verdict.value


def counts(each: BystanderResult) -> str:
    """``2 agree, 1 leak``."""
    words = [flow.word for flow in each.flows]
    names = (
        (BystanderWord.AGREES, "agree"),
        (BystanderWord.LEAK, "leak"),
        (BystanderWord.BLOCKED, "blocked"),
        (BystanderWord.NO_ANSWER, "without an answer"),
        (BystanderWord.NOTE, "told only"),
    )
    return (
        ", ".join(f"{words.count(word)} {text}" for word, text in names if word in words) or "nothing asked"
    )


def notable(each: BystanderResult) -> list[BystanderFlow]:
    """The flows that a reader must see: deviations, else what has no answer, else notes."""
    for words in (_SHOWN[:2], _SHOWN[2:], (BystanderWord.NOTE,)):
        found = [flow for flow in each.flows if flow.word in words]
        if found:
            return found
    return []
