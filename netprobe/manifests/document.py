"""A document as written: plain data, and where each piece of it stands in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netprobe.model.place import Place

Path = tuple[str | int, ...]
"""The way to a value inside a document: keys and list positions, ``("spec", "ingress", 0)``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where a value and its key begin (counted from 1), and the same for everything inside it.

    A list item and a whole document have no key: then the key's position is the value's.
    """

    line: int
    column: int
    key_line: int
    key_column: int
    inside: Mapping[str | int, Spot] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Positions by path. Without a ``root`` (an object that no file holds) only the file is known."""

    file: str
    root: Spot | None = None

    def of(self, path: Path, *, key: bool = False) -> Place:
        """Return where the value at ``path`` begins (with ``key``: where its key begins).

        When the path leads nowhere, the position of the nearest ancestor that exists.
        """
        spot = self.root
        if spot is None:
            return Place(file=self.file)
        for part in path:
            deeper = spot.inside.get(part)
            if deeper is None:
                break
            spot = deeper
        if key:
            return Place(file=self.file, line=spot.key_line, column=spot.key_column)
        return Place(file=self.file, line=spot.line, column=spot.column)

    def below(self, path: Path) -> Places:
        """Return the positions seen from ``path``, which must exist (or nothing is known at all)."""
        spot = self.root
        for part in path:
            spot = None if spot is None else spot.inside[part]
        return Places(file=self.file, root=spot)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One YAML document that is a mapping: ``body`` is plain dicts, lists, str, int, float, bool, None."""

    body: dict[str, Any]
    places: Places

    @property
    def place(self) -> Place:
        """Where the document begins."""
        return self.places.of(())
