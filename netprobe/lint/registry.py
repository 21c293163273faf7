"""All rules of the lint, in the order in which they are listed."""

from __future__ import annotations

from functools import partial

from netprobe.lint.found import Entry, entry
from netprobe.lint.rules import (
    admin,
    and_or,
    blocks,
    dns,
    ignoring,
    isolation,
    peers,
    ports,
    redundant,
    remarks,
    selectors,
    surroundings,
    two_ends,
    types,
)
from netprobe.model.lint import LintRule, Severity

_ABOUT_POLICIES: tuple[Entry, ...] = (
    *and_or.RULES,
    *dns.RULES,
    *types.RULES,
    *selectors.RULES,
    *peers.RULES,
    *ports.RULES,
    *isolation.RULES,
    *two_ends.RULES,
    *redundant.RULES,
    *blocks.RULES,
    *surroundings.RULES,
    *remarks.RULES,
    *admin.RULES,
)

_IDS = (*(each.rule.id for each in _ABOUT_POLICIES), "unknown-ignore")

ENTRIES: tuple[Entry, ...] = (
    *_ABOUT_POLICIES,
    entry(
        partial(ignoring.unknown_ignore, known=_IDS),
        "unknown-ignore",
        Severity.WARNING,
        "An annotation that ignores a rule which does not exist",
        "A rule that is misspelt in netprobe.io/lint-ignore is not silenced, and one that was "
        "renamed no longer.",
    ),
)

RULES: tuple[LintRule, ...] = tuple(each.rule for each in ENTRIES)
