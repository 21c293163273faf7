"""Colour on a terminal: five inks, or none at all. Every report stays readable without them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Ink(Enum):
    """What a colour means; the value is the SGR parameter that makes it."""

    GOOD = "32"
    BAD = "1;31"
    DOUBT = "33"
    FAINT = "2"
    STRONG = "1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Painter:
    """Paints text, or leaves it as it is when ``color`` is false."""

    color: bool

    def paint(self, text: str, ink: Ink | None) -> str:
        """Return ``text`` in ``ink``; unchanged without colour, without ink, or when empty."""
        if not self.color or ink is None or not text:
            return text
        return f"\x1b[{ink.value}m{text}\x1b[0m"
