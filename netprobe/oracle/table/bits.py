"""Sets of pod classes as the bits of an int, and three-valued answers as two such sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bits:
    """For each class: in ``allow`` when the answer is ALLOW, in ``maybe`` when it is not DENY.

    So ``allow`` is a subset of ``maybe``, and UNDEFINED is the difference.
    """

    allow: int = 0
    maybe: int = 0

    def __or__(self, other: Bits) -> Bits:
        """OR of three-valued answers."""
        return Bits(self.allow | other.allow, self.maybe | other.maybe)

    def __and__(self, other: Bits) -> Bits:
        """AND of three-valued answers."""
        return Bits(self.allow & other.allow, self.maybe & other.maybe)

    def within(self, mask: int) -> Bits:
        """The same for the classes of ``mask``, DENY for the others."""
        return Bits(self.allow & mask, self.maybe & mask)


NOBODY = Bits()


def positions(bits: int) -> Iterator[int]:
    """Yield the numbers of the set bits, lowest first."""
    text = bin(bits)[:1:-1]
    found = text.find("1")
    while found >= 0:
        yield found
        found = text.find("1", found + 1)
