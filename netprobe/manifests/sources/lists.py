"""A long ``kind: List`` of YAML, taken apart by its lines: parsed as one, it would need memory for all of it.

Only lists in block style as kubectl writes them are taken apart; any other one is parsed whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.manifests.sources.splitting import Chunk

_KIND = re.compile(r"""^["']?kind["']?[ \t]*:.*$""", re.MULTILINE)
_LIST_KIND = re.compile(r"kind: (\w*List)[ \t]*")
_VERSION = re.compile(r"^apiVersion: ([\w./-]+)[ \t]*$", re.MULTILINE)
_ITEMS = re.compile(r"^items:[ \t]*\n( *)- ", re.MULTILINE)
_ALIAS = re.compile(r"^ *(- +)*([^\s#\"']+: +)?\*\w", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class LongList:
    """A list of objects: what is around its items, and where these are in the text."""

    chunk: Chunk
    kind: str
    api_version: str
    indent: str
    begin: int
    end: int

    def frame(self) -> Chunk:
        """Return the document without its items, with each line where it was."""
        text = self.chunk.text
        lines = text.count("\n", self.begin, self.end)
        return Chunk(text=text[: self.begin] + "\n" * lines + text[self.end :], above=self.chunk.above)

    def items(self) -> Iterator[Chunk]:
        """Yield each item as a document of its own, at the columns where it was."""
        text, mark = self.chunk.text, re.compile(rf"^{self.indent}-(?=[ \n])", re.MULTILINE)
        above = self.chunk.above + text.count("\n", 0, self.begin)
        starts = [found.start() for found in mark.finditer(text, self.begin, self.end)]
        for start, stop in zip(starts, [*starts[1:], self.end], strict=True):
            dash = start + len(self.indent)
            yield Chunk(text=f"{self.indent} {text[dash + 1 : stop]}", above=above)
            above += text.count("\n", start, stop)


def find_list(chunk: Chunk) -> LongList | None:
    """Return the list that the document is, None for any other document and for one in another style."""
    text = chunk.text
    kinds = _KIND.findall(text)
    kind = _LIST_KIND.fullmatch(kinds[0]) if len(kinds) == 1 else None
    items = _ITEMS.findall(text)
    # An alias may stand for something in another item.
    if kind is None or len(items) != 1 or ("&" in text and _ALIAS.search(text)):
        return None
    found = _ITEMS.search(text)
    assert found is not None
    begin = found.end() - len(items[0]) - 2
    # The items end where a line begins further left: with "- " of their own at column one, at any other word.
    after = re.compile(r"^[^ #\n]" if items[0] else r"^(?!- |-\n)[^ #\n]", re.MULTILINE).search(text, begin)
    version = _VERSION.search(text)
    return LongList(
        chunk=chunk,
        kind=kind.group(1),
        api_version=version.group(1) if version else "",
        indent=items[0],
        begin=begin,
        end=after.start() if after else len(text),
    )
