"""Texts that occur again and again, kept once and called by number."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

SOURCE, DESTINATION = "\ue000", "\ue001"
"""What stands for the names of a flow's ends, so that equal sentences about different flows are one text."""


class Numbered:
    """Values by number, in the order in which they came; equal ones are one."""

    def __init__(self, first: Sequence[Hashable] = ()) -> None:
        self._numbers: dict[Hashable, int] = {value: number for number, value in enumerate(first)}

    def of(self, value: Hashable) -> int:
        """Return the number of ``value``."""
        return self._numbers.setdefault(value, len(self._numbers))

    @property
    def values(self) -> list[Hashable]:
        """All values; the place of each is its number."""
        return list(self._numbers)


def without_ends(text: str, names: Mapping[str, str]) -> str:
    """Return ``text`` with each name (a key) replaced by what stands for it.

    A text that holds a stand-in already stays as it is.
    """
    if SOURCE in text or DESTINATION in text:
        return text
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return text
