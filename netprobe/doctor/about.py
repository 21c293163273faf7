"""What a check is about, and the four ways in which it can come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netprobe.model.checkup import Check, Health


@dataclass(frozen=True, slots=True)
class About:
    """A check before it is made: its ``name`` for programs and its ``title`` for people."""

    name: str
    title: str

    def ok(self, found: str, details: Iterable[str] = ()) -> Check:
        """All is well."""
        return self._check(Health.OK, found, "", details)

    def warning(self, found: str, remedy: str, details: Iterable[str] = ()) -> Check:
        """A run gets an answer, though not the whole, or under conditions to be known."""
        return self._check(Health.WARNING, found, remedy, details)

    def failed(self, found: str, remedy: str, details: Iterable[str] = ()) -> Check:
        """A run would get no answer."""
        return self._check(Health.FAILED, found, remedy, details)

    def unseen(self, why: str, remedy: str = "") -> Check:
        """Nobody knows."""
        return self._check(Health.UNSEEN, why, remedy, ())

    def _check(self, health: Health, found: str, remedy: str, details: Iterable[str]) -> Check:
        return Check(
            name=self.name,
            title=self.title,
            health=health,
            found=found,
            remedy=remedy,
            details=tuple(details),
        )
