"""All rules of the lint, in the order in which they are listed."""

from __future__ import annotations

from netprobe.lint.found import Entry
from netprobe.lint.rules import and_or, dns, types
from netprobe.model.lint import LintRule

ENTRIES: tuple[Entry, ...] = (
    *and_or.RULES,
    *dns.RULES,
    *types.RULES,
)
RULES: tuple[LintRule, ...] = tuple(each.rule for each in ENTRIES)
