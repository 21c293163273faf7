"""All rules of the lint, in the order in which they are listed."""

from __future__ import annotations

from netprobe.lint.found import Entry
from netprobe.lint.rules import (
    admin,
    and_or,
    blocks,
    dns,
    isolation,
    ports,
    redundant,
    remarks,
    selectors,
    surroundings,
    two_ends,
    types,
)
from netprobe.model.lint import LintRule

ENTRIES: tuple[Entry, ...] = (
    *and_or.RULES,
    *dns.RULES,
    *types.RULES,
    *selectors.RULES,
    *ports.RULES,
    *isolation.RULES,
    *two_ends.RULES,
    *redundant.RULES,
    *blocks.RULES,
    *surroundings.RULES,
    *remarks.RULES,
    *admin.RULES,
)
RULES: tuple[LintRule, ...] = tuple(each.rule for each in ENTRIES)
