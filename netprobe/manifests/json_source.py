"""JSON text to documents, some ten times as fast as by way of YAML, which JSON is part of.

Positions are found by composing the text as YAML when somebody asks for one inside of an object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.manifests.document import Document, Places, Spot
from netprobe.manifests.lists import typed_item
from netprobe.manifests.scalars import read_plain

_SPACE = re.compile(r"[ \t\r\n]*")
_SURROGATE = re.compile(r"\\u[dD]")

Inside = Callable[[str, int, int], Mapping[str | int, Spot]]
"""Finds the spots inside an object: its text, the lines above it, the column where it begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """An object, and where its text begins and ends."""

    body: dict[str, Any]
    begin: int
    end: int


def read_json(text: str, file: str, inside: Inside, *, above: int = 0) -> tuple[Document, ...] | None:
    """Return the objects of ``text`` in order, with lists unfolded; None for text that is not all such JSON.

    None says nothing of what is wrong: the reader of YAML has the words for that, and takes more.
    """
    try:
        found = list(_objects(text))
    except (ValueError, RecursionError):
        return None
    documents: list[Document] = []
    line, begin, start = above, 0, 0
    for each in found:
        line += text.count("\n", begin, each.begin)
        start = text.rfind("\n", begin, each.begin) + 1 or start
        begin = each.begin
        later = _Later(inside, text, each, line, begin - start)
        column = begin - start + 1
        spot = Spot(line=line + 1, column=column, key_line=line + 1, key_column=column, inside=later)
        documents.append(Document(body=each.body, places=Places(file=file, root=spot)))
    return tuple(documents)


class _Later(Mapping[str | int, Spot]):
    """The spots inside an object, found at the first question."""

    __slots__ = ("_made", "_of")

    def __init__(self, inside: Inside, text: str, found: _Found, above: int, column: int) -> None:
        self._of = (inside, text, found.begin, found.end, above, column)
        self._made: Mapping[str | int, Spot] | None = None

    def __getitem__(self, part: str | int) -> Spot:
        return self._spots()[part]

    def __iter__(self) -> Iterator[str | int]:
        return iter(self._spots())

    def __len__(self) -> int:
        return len(self._spots())

    def _spots(self) -> Mapping[str | int, Spot]:
        if self._made is None:
            inside, text, begin, end, above, column = self._of
            self._made = inside(text[begin:end], above, column)
        return self._made


def _objects(text: str) -> Iterator[_Found]:
    """Yield the objects that stand one after the other. Raises ValueError for anything else."""
    at = _skip(text, 0)
    while at < len(text):
        if text[at] != "{":
            raise ValueError("no object")
        body, end = _DECODER.raw_decode(text, at)
        if _SURROGATE.search(text, at, end):
            json.dumps(body, ensure_ascii=False).encode()
        yield from _unfolded(text, _Found(body=body, begin=at, end=end))
        at = _skip(text, end)


def _unfolded(text: str, found: _Found) -> Iterator[_Found]:
    body = found.body
    items, kind = body.get("items"), str(body.get("kind", ""))
    if not kind.endswith("List") or not isinstance(items, list):
        yield found
        return
    at = _items_begin(text, found.begin)
    for item in items:
        if not isinstance(item, dict):
            raise ValueError("no object")  # noqa: TRY004 - as for all text that is left to YAML
        at = _skip(text, at)
        _, end = _SKIPPER.raw_decode(text, at)
        yield from _unfolded(
            text, _Found(body=typed_item(item, kind, body.get("apiVersion")), begin=at, end=end)
        )
        at = _skip(text, end) + 1


def _items_begin(text: str, begin: int) -> int:
    """Return where the first item of the list is whose object begins at ``begin``."""
    at = _skip(text, begin + 1)
    while True:
        key, at = _SKIPPER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        if key == "items":
            return at + 1
        _, at = _SKIPPER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        raise ValueError("a key is here twice")
    return body


def _refuse(word: str) -> None:
    raise ValueError(word)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=read_plain, parse_constant=_refuse)
_SKIPPER = json.JSONDecoder()
