"""A stream of lines to the texts of its YAML documents, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

_MARKS = ("---", "...")


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunk:
    """The text of one document, its mark included, and how many lines of the file are above it."""

    text: str
    above: int = 0


def split(lines: Iterable[str]) -> Iterator[Chunk]:
    """Yield one chunk for each document; what holds only comments and directives goes with the next one.

    YAML 1.2, 9.1.2: a document mark stands at the beginning of a line and can be inside of nothing else.
    """
    held: list[str] = []
    above = 0
    begun = False
    rest = iter(lines)
    first = next(rest, "").removeprefix("\ufeff")
    for line in chain((first,), rest):
        if line.startswith(_MARKS) and not line[3:4].strip():
            if line[0] == ".":
                held.append(line)
            if begun or line[0] == ".":
                yield Chunk(text="".join(held), above=above)
                above += len(held)
                held.clear()
            begun = line[0] == "-"
            if not begun:
                continue
        elif not begun:
            begun = line[:1] not in "#%" and not line.isspace()
        held.append(line)
    if any(held):
        yield Chunk(text="".join(held), above=above)
