"""Tables of text for a terminal: columns as wide as they need, the last one wrapped to the page."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

_GAP = "  "
_NARROWEST = 24


def table_lines(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Lines of at most ``width`` columns where the last column leaves room for that; no trailing space.

    A last cell may hold several paragraphs.
    """
    all_rows = [head, *rows]
    widths = [max(len(row[column]) for row in all_rows) for column in range(len(head) - 1)]
    indent = sum(widths) + len(_GAP) * len(widths)
    lines = []
    for row in all_rows:
        room = max(width - indent, _NARROWEST)
        wrapped = [
            line
            for paragraph in row[-1].split("\n")
            for line in textwrap.wrap(paragraph, room, break_on_hyphens=False) or [""]
        ]
        first = _GAP.join([*(cell.ljust(size) for cell, size in zip(row, widths, strict=False)), wrapped[0]])
        lines += [first.rstrip(), *(" " * indent + more for more in wrapped[1:])]
    return lines
