"""The features of an audit for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from netprobe.model.audit import Audit, Enforcement, FeatureResult
from netprobe.report.audit.wording import INKS, wrapped
from netprobe.report.ink import Painter

_MOST = 8
"""Features that have a line of their own; more are told in one sentence for each verdict."""

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
        yield f"  not enforced: all {denying} features that deny something (-v lists them)"
    elif len(other) > _MOST:
        for verdict in _WORST_FIRST:
            yield from _together(verdict, other, width, painter)
    else:
        yield from (_line(each, painter) for each in other)
    yield from _example(other, width)
    if audit.verdict is not Enforcement.NOT_ENFORCED and len(other) < len(audit.features):
        # Where nothing denied is enforced, what passes anyway would only mislead.
        rest = "all" if not other else f"the other {len(audit.features) - len(other)} of"
        yield f"  enforced: {rest} {len(audit.features)} features of the board (-v lists them)"


def _everything(features: Iterable[FeatureResult], width: int, painter: Painter) -> Iterator[str]:
    for each in features:
        yield _line(each, painter)
        for text in (*each.examples, *_reason(each)):
            yield from wrapped(text, width, indent=6)


def _line(feature: FeatureResult, painter: Painter) -> str:
    word = feature.verdict.value
    told = painter.paint(word, INKS[feature.verdict]) + " " * (19 - len(word))
    return f"  {told}{feature.title}: {_counts(feature)}"


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
