"""What a rule function yields, before the registry gives it the rule's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from netprobe.lint.scene import Scene
from netprobe.model.inventory import ObjectKey
from netprobe.model.lint import Fix, LintRule, Related, Severity
from netprobe.model.place import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A finding without its rule; ``severity`` None is the rule's own."""

    object: ObjectKey
    place: Place
    message: str
    path: str = ""
    fix: Fix | None = None
    severity: Severity | None = None
    related: tuple[Related, ...] = ()


Find = Callable[[Scene], Iterable[Found]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A row of the registry: a rule, and the function that finds what it is about."""

    rule: LintRule
    find: Find


def entry(find: Find, name: str, severity: Severity, title: str, why: str) -> Entry:
    """Return a row of the registry."""
    return Entry(rule=LintRule(id=name, severity=severity, title=title, why=why), find=find)
