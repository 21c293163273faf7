"""docs/lint.md and the registry say the same, and its examples are those that are tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netprobe.lint.registry import RULES

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "lint.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### ([a-z-]+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_the_page_has_a_section_for_each_rule_and_no_other():
    assert sorted(SECTIONS) == sorted(rule.id for rule in RULES)


def test_ids_are_used_once():
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_section_says_what_the_rule_says(rule):
    section = SECTIONS[rule.id]
    assert f"**{rule.severity}**: {rule.title}. {rule.why}\n" in section
    assert "\nFix: " in section
    case = HERE / "cases" / rule.id
    tested = [(case / f"{name}.yaml").read_text().replace(" # here", "") for name in ("broken", "repaired")]
    examples = re.findall(r"^```yaml\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert 1 <= len(examples) <= 2
    for example, text in zip(examples, tested, strict=False):
        assert all(each.strip() and each.strip() in text for each in example.split("---\n"))
