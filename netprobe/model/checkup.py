"""What ``netprobe doctor`` found: checks, each with its reason and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a check came out; only FAILED keeps a run from an answer."""

    OK = "ok"
    UNSEEN = "could not look"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One check: what it is about, what was found, and the remedy ("" where nothing is to be done).

    ``details`` are further lines, such as the single permissions that are missing.
    """

    name: str
    title: str
    health: Health
    found: str
    remedy: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkup:
    """All checks of a cluster or a machine, in the order in which they are shown."""

    subject: str
    netprobe_version: str
    checks: tuple[Check, ...]

    @property
    def exit_code(self) -> int:
        """0, or 3 when something would keep a run from an answer."""
        return 3 if any(check.health is Health.FAILED for check in self.checks) else 0
