"""The parts of which pages are put together; ``components.html.jinja`` has a macro for each."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.report.html.environment import Markup
from netprobe.report.html.marks import Mark, Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A name and what there is to say to it, for a list of facts."""

    name: str
    text: str | Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """A number that is seen at once; ``text`` says of what."""

    value: str
    text: str
    tone: Tone = Tone.FAINT
    symbol: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableCell:
    """A cell: a mark, a text, or both; ``is_head`` makes it its row's head; ``link`` is where it leads."""

    text: str | Markup = ""
    mark: Mark | None = None
    is_head: bool = False
    is_number: bool = False
    link: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table with a caption that a screen reader announces; ``heads`` are those of the columns."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    caption_is_shown: bool = False


def cell(text: str | Markup) -> TableCell:
    """Return a cell of text."""
    return TableCell(text=text)


def head(text: str | Markup) -> TableCell:
    """Return a cell that names its row."""
    return TableCell(text=text, is_head=True)


def number(value: float, places: int = 0, unit: str = "") -> TableCell:
    """Return a cell that holds a number, aligned to the right; ``unit`` stands behind it."""
    text = f"{value:,.{places}f}" + (f"\N{NO-BREAK SPACE}{unit}" if unit else "")
    return TableCell(text=text, is_number=True)


def marked(mark: Mark, text: str = "") -> TableCell:
    """Return a cell that shows a mark, and a text behind it."""
    return TableCell(mark=mark, text=text)
