"""How the cells of a truth table look on a page: a short sign where there is little room, and a tone."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.report.cells import Cell

SHORT: Mapping[Cell, str] = {
    Cell.OPEN: "●",
    Cell.CLOSED: "×",
    Cell.UNRESOLVED: "n",
    Cell.LEAK: "L",
    Cell.BLOCKED: "B",
    Cell.MISTAKE: "M",
    Cell.DOUBT: "?",
    Cell.UNDEFINED_OPEN: "~",
    Cell.UNDEFINED_CLOSED: "≈",
    Cell.UNDEFINED: "≋",
    Cell.SKIPPED: "–",
    Cell.NO_FLOW: "",
}
"""One sign each, no two alike."""

TONES: Mapping[Cell, str] = {
    Cell.OPEN: "open",
    Cell.CLOSED: "closed",
    Cell.UNRESOLVED: "closed",
    Cell.LEAK: "leak",
    Cell.BLOCKED: "blocked",
    Cell.MISTAKE: "mistake",
    Cell.DOUBT: "doubt",
    Cell.UNDEFINED_OPEN: "undefined",
    Cell.UNDEFINED_CLOSED: "undefined",
    Cell.UNDEFINED: "undefined",
    Cell.SKIPPED: "skipped",
    Cell.NO_FLOW: "none",
}
"""The class of the cell (``cell-leak`` …) in the style sheet."""
