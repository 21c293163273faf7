"""What an account must be allowed to do on a cluster, and for which command."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """The commands that work on a cluster, by what they need of it."""

    RUN = "run"
    CHECK = "check"
    IDENTIFY = "identify"
    DOCTOR = "doctor"
    OFFLINE = "explain"
    """Also of ``matrix`` and ``lint``: they read what decides flows, and nothing else."""

    CLEAN = "clean"


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """One verb on one resource (with ``subresource``) of an API ``group``, and what it is needed ``why`` for.

    ``namespace`` is "" for the whole cluster; ``names`` are the only objects that it is about, all when it is
    empty. ``vital``: nothing works without it; else its lack is noted and the rest goes on. ``seldom`` says
    when it is used, where most runs do without.
    """

    verb: str
    resource: str
    why: str
    group: str = ""
    subresource: str = ""
    purposes: frozenset[Purpose]
    namespace: str = ""
    names: tuple[str, ...] = ()
    vital: bool = False
    seldom: str = ""

    @property
    def path(self) -> str:
        """The resource as RBAC spells it: ``pods/exec``."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource

    def __str__(self) -> str:
        """Render as ``create pods/exec``."""
        return f"{self.verb} {self.path}"
