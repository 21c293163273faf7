"""Text in Markdown: nothing in it formats by accident, and what is too long is folded or left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#])")


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Return ``text`` as code on one line; backticks in it become apostrophes."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table of texts that are Markdown already."""
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from (_row(row) for row in rows)


def folded(summary: str, lines: Iterable[str], *, is_open: bool = False) -> Iterator[str]:
    """Yield ``lines`` below a summary (plain text) that unfolds them."""
    yield f"<details{' open' if is_open else ''}><summary>{_html(summary)}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"
    yield ""


def _row(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _html(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
