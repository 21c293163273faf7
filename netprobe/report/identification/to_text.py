"""An identification for a person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from netprobe.model.identification import Enforces, Evidence, FoundCni, Identification
from netprobe.report.identification.wording import EXPECTED, HINT, ROLES
from netprobe.report.ink import Ink, Painter

_INKS = {
    Enforces.YES: Ink.GOOD,
    Enforces.NO: Ink.BAD,
    Enforces.BY_SETTING: Ink.DOUBT,
    Enforces.UNKNOWN: Ink.DOUBT,
}


def render(seen: Identification, cluster: str, *, width: int, color: bool) -> str:
    """Return what was found, what to expect of it and why, and what should make one doubt."""
    painter = Painter(color=color)
    return "\n".join(_lines(seen, cluster, width, painter)) + "\n"


def _lines(seen: Identification, cluster: str, width: int, painter: Painter) -> Iterator[str]:
    facts = [f"server {seen.version}"] if seen.version else []
    facts += [f"nodes: {seen.nodes}"] if seen.nodes else []
    yield painter.paint(cluster, Ink.STRONG) + (f" ({', '.join(facts)})" if facts else "")
    yield from _wrapped(
        "expected to enforce NetworkPolicies: ", EXPECTED[seen.enforces], width, painter, _INKS[seen.enforces]
    )
    yield from _wrapped("  because ", seen.because, width)
    for warning in seen.warnings:
        yield from _wrapped("  ! ", warning, width, painter, Ink.DOUBT)
    for each in seen.found:
        yield ""
        yield from _found(each, width, painter, says_why=each.enforces is not seen.enforces)
    for platform in seen.platforms:
        yield ""
        yield f"platform: {painter.paint(platform.title, Ink.STRONG)}"
        yield from _evidence(platform.evidence, width)
    if seen.unseen:
        yield ""
        for words in seen.unseen:
            yield from _wrapped("could not see: ", words, width)
    yield ""
    yield from _wrapped("", HINT, width)


def _found(each: FoundCni, width: int, painter: Painter, *, says_why: bool) -> Iterator[str]:
    """One of those found; the reasons of those that decide for all stand above."""
    name = painter.paint(f"{each.title} {each.version}".strip(), Ink.STRONG)
    yield f"{name}: {ROLES[each.role]}"
    expected = painter.paint(EXPECTED[each.enforces], _INKS[each.enforces])
    yield f"  should enforce: {expected}"
    if says_why:
        yield from _wrapped("    because ", each.because, width)
    yield from _evidence(each.evidence, width)
    if each.limits:
        yield "  known limits"
    for limit in each.limits:
        yield from _wrapped("    - ", str(limit), width)


def _evidence(evidence: tuple[Evidence, ...], width: int) -> Iterator[str]:
    if evidence:
        yield "  seen"
    for each in evidence:
        yield from _wrapped("    - ", str(each), width)


def _wrapped(
    head: str, text: str, width: int, painter: Painter | None = None, ink: Ink | None = None
) -> Iterator[str]:
    """Lines that begin under each other; the text (not the head) in ink."""
    indent = " " * len(head)
    lines = textwrap.wrap(text, max(width - len(head), 24), break_on_hyphens=False, break_long_words=False)
    for position, line in enumerate(lines):
        yield (indent if position else head) + (line if painter is None else painter.paint(line, ink))
