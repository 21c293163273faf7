"""The features of an audit for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from netprobe.model.audit import Audit, Enforcement, FeatureResult
from netprobe.report.audit.wording import INKS, wrapped
from netprobe.report.ink import Painter

_MOST = 8
"""Features that have a line of their own; more are told in one sentence for each verdict."""

_BLANK = "\N{NO-BREAK SPACE}"

_WORST_FIRST = (
    Enforcement.NOT_ENFORCED,
    Enforcement.PARTIALLY_ENFORCED,
    Enforcement.INCONCLUSIVE,
    Enforcement.SKIPPED,
)


def feature_lines(audit: Audit, width: int, painter: Painter, *, verbose: bool) -> Iterator[str]:
    """What is not enforced, with one example; all of them with theirs if ``verbose``."""
    if verbose:
        yield from _everything(audit.features, width, painter)
        return
    other = [each for each in audit.features if each.verdict is not Enforcement.ENFORCED]
    if audit.verdict is Enforcement.NOT_ENFORCED:
        denying = sum(each.verdict is Enforcement.NOT_ENFORCED for each in other)
        text = f"not enforced: all {denying} features that deny something (-v lists them)"
        yield from wrapped(text, width, indent=2, hanging=2)
    elif len(other) > _MOST:
        for verdict in _WORST_FIRST:
            yield from _together(verdict, other, width, painter)
    else:
        yield from (line for each in other for line in _line(each, width, painter))
    yield from _example(other, width)
    if audit.verdict is not Enforcement.NOT_ENFORCED and len(other) < len(audit.features):
        # Where nothing denied is enforced, what passes anyway would only mislead.
        rest = "all" if not other else f"the other {len(audit.features) - len(other)} of"
        text = f"enforced: {rest} {len(audit.features)} features of the board (-v lists them)"
        yield from wrapped(text, width, indent=2, hanging=2)


def _everything(features: Iterable[FeatureResult], width: int, painter: Painter) -> Iterator[str]:
    for each in features:
        yield from _line(each, width, painter)
        for text in (*each.examples, *_reason(each)):
            yield from wrapped(text, width, indent=6)


def _line(feature: FeatureResult, width: int, painter: Painter) -> Iterator[str]:
    word = feature.verdict.value
    first, *rest = textwrap.wrap(
        f"  {word.ljust(19, _BLANK)}{feature.title}: {_counts(feature)}",
        width,
        subsequent_indent=" " * 21,
        break_on_hyphens=False,
    )
    yield first.replace(_BLANK, " ").replace(word, painter.paint(word, INKS[feature.verdict]), 1)
    yield from rest


def _together(
    verdict: Enforcement, features: Sequence[FeatureResult], width: int, painter: Painter
) -> Iterator[str]:
    titles = [each.title for each in features if each.verdict is verdict]
    if titles:
        text = f"{verdict.value}: {', '.join(titles)}"
        first, *rest = wrapped(text, width, indent=2, hanging=2)
        yield first.replace(verdict.value, painter.paint(verdict.value, INKS[verdict]), 1)
        yield from rest


def _example(features: Iterable[FeatureResult], width: int) -> Iterator[str]:
    """The shortest of the examples, else the first reason why there was no answer."""
    examples = [text for each in features for text in each.examples]
    if examples:
        yield from wrapped(f"such as: {min(examples, key=len)} (-v shows all)", width, hanging=2)
        return
    reason = next((each.tally.reason for each in features if each.tally.reason), "")
    if reason:
        yield "    " + textwrap.shorten(f"such as: {reason}", width - 4, placeholder=" … (-v)")


def _reason(feature: FeatureResult) -> tuple[str, ...]:
    return () if feature.examples or not feature.tally.reason else (feature.tally.reason,)


def _counts(feature: FeatureResult) -> str:
    tally = feature.tally
    parts = (
        (tally.agreed, "agree"),
        (tally.leaked, "leak"),
        (tally.blocked, "blocked"),
        (tally.unanswered, "without an answer"),
        (tally.skipped, "not possible here"),
    )
    return ", ".join(f"{count} {word}" for count, word in parts if count)
