"""Marks: a word, a shape and a tone, so that no reader depends on colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.audit import Enforcement
from netprobe.model.finding import Verdict


class Tone(StrEnum):
    """What a colour means; the value is the class that the style sheet knows (``tone-good`` …)."""

    GOOD = "good"
    BAD = "bad"
    DOUBT = "doubt"
    UNDEFINED = "undefined"
    FAINT = "faint"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A verdict as it is shown: ``symbol`` is its shape, ``word`` its name, ``tone`` its colour."""

    word: str
    symbol: str
    tone: Tone


_SYMBOLS: Mapping[Tone, str] = {
    Tone.GOOD: "✓",
    Tone.BAD: "✗",
    Tone.DOUBT: "?",
    Tone.UNDEFINED: "~",
    Tone.FAINT: "–",
}
_VERDICTS: Mapping[Verdict, Tone] = {
    Verdict.PASS: Tone.GOOD,
    Verdict.SKIP: Tone.FAINT,
    Verdict.UNDEFINED: Tone.UNDEFINED,
    Verdict.INCONCLUSIVE: Tone.DOUBT,
    Verdict.FAIL: Tone.BAD,
}
_ENFORCEMENTS: Mapping[Enforcement, Tone] = {
    Enforcement.ENFORCED: Tone.GOOD,
    Enforcement.PARTIALLY_ENFORCED: Tone.BAD,
    Enforcement.NOT_ENFORCED: Tone.BAD,
    Enforcement.INCONCLUSIVE: Tone.DOUBT,
    Enforcement.SKIPPED: Tone.FAINT,
}


def mark(word: str, tone: Tone) -> Mark:
    """Return a mark with the shape of its tone."""
    return Mark(word=word, symbol=_SYMBOLS[tone], tone=tone)


def mark_of_verdict(verdict: Verdict) -> Mark:
    """Return the mark of a finding's or a run's verdict."""
    return mark(verdict.value, _VERDICTS[verdict])


def mark_of_enforcement(enforcement: Enforcement) -> Mark:
    """Return the mark of an audit's verdict; what is enforced in part has a shape of its own."""
    tone = _ENFORCEMENTS[enforcement]
    symbol = "◐" if enforcement is Enforcement.PARTIALLY_ENFORCED else _SYMBOLS[tone]
    return Mark(word=enforcement.value, symbol=symbol, tone=tone)


def mark_of_conclusion(word: str) -> Mark:
    """Return the mark of what a run comes to: a verdict's word, or ``INTERRUPTED``."""
    return mark(word, _VERDICTS[Verdict(word)] if word in list(Verdict) else Tone.BAD)
