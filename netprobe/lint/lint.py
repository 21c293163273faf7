"""The lint: every rule over one inventory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.lint.found import Entry
from netprobe.lint.registry import ENTRIES
from netprobe.lint.scene import Scene
from netprobe.model.inventory import Inventory
from netprobe.model.lint import LintFinding


@dataclass(frozen=True, kw_only=True, slots=True)
class LintOptions:
    """Which rules to ask, by id: ``only`` these (empty: all), without the ``disabled`` ones."""

    only: frozenset[str] = frozenset()
    disabled: frozenset[str] = frozenset()

    def wants(self, rule: str) -> bool:
        """Whether to ask the rule."""
        return (not self.only or rule in self.only) and rule not in self.disabled


def lint(inventory: Inventory, options: LintOptions | None = None) -> tuple[LintFinding, ...]:
    """Return what the rules find, by file and line.

    An object's annotation ``netprobe.io/lint-ignore`` silences the rules that it names for that object.
    """
    chosen = options or LintOptions()
    scene = Scene(inventory)
    findings = [
        finding
        for entry in ENTRIES
        if chosen.wants(entry.rule.id)
        for finding in _findings(entry, scene)
        if not scene.ignores(finding.object, finding.rule)
    ]
    return tuple(sorted(findings, key=lambda each: (each.place, -each.severity.rank)))


def _findings(entry: Entry, scene: Scene) -> Iterator[LintFinding]:
    for found in entry.find(scene):
        yield LintFinding(
            rule=entry.rule.id,
            severity=found.severity or entry.rule.severity,
            place=found.place,
            object=found.object,
            path=found.path,
            message=found.message,
            why=entry.rule.why,
            fix=found.fix,
            related=found.related,
        )
