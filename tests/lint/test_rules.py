"""Each rule fires in a broken manifest, at the line marked "here", and is silent in the repaired one."""

from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.lint.lint import lint
from netprobe.lint.registry import RULES
from netprobe.manifests.load import load_inventory
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.lint import Severity

CASES = Path(__file__).parent / "cases"
SEVERITY = {rule.id: rule.severity for rule in RULES}
IDS = [rule.id for rule in RULES]


def findings(path):
    return lint(load_inventory([str(path)]))


def serious(found):
    return {each.rule for each in found if each.severity is not Severity.INFO}


@pytest.mark.parametrize("rule", IDS)
def test_a_broken_manifest_fires_the_rule_and_no_other(rule):
    path = CASES / rule / "broken.yaml"
    (line,) = [n for n, text in enumerate(path.read_text().splitlines(), 1) if text.endswith("# here")]
    found = findings(path)
    (mine,) = [each for each in found if each.rule == rule]
    assert mine.place.line == line
    assert mine.severity.rank <= SEVERITY[rule].rank
    assert serious(found) <= {rule}
    assert mine.message
    assert mine.why


@pytest.mark.parametrize("rule", IDS)
def test_the_repaired_manifest_is_silent(rule):
    found = findings(CASES / rule / "repaired.yaml")
    assert rule not in {each.rule for each in found}
    assert serious(found) == set()


@pytest.mark.parametrize("rule", IDS)
def test_the_fix_is_what_repairs(rule, tmp_path):
    """An object to add is added and looked at again; a piece must stand in the repaired manifest."""
    broken = CASES / rule / "broken.yaml"
    (mine,) = [each for each in findings(broken) if each.rule == rule]
    assert mine.fix is not None
    assert mine.fix.advice
    if mine.fix.adds:
        mended = tmp_path / "mended.yaml"
        mended.write_text(f"{broken.read_text()}---\n{mine.fix.yaml}\n")
        assert rule not in {each.rule for each in findings(mended)}
    elif mine.fix.yaml:
        (piece,) = read_documents(mine.fix.yaml, "fix")
        repaired = [each.body for each in read_documents((CASES / rule / "repaired.yaml").read_text(), "r")]
        assert any(holds(body, piece.body) for body in repaired), mine.fix.yaml


def holds(body, piece):
    """Whether the piece stands somewhere in the body."""
    if isinstance(body, dict):
        here = all(key in body and same(body[key], value) for key, value in piece.items())
        return here or any(holds(value, piece) for value in body.values())
    return isinstance(body, list) and any(holds(item, piece) for item in body)


def same(body, piece):
    """Whether both say the same; a list may have more items, a mapping more keys."""
    if isinstance(piece, dict) and isinstance(body, dict):
        return all(key in body and same(body[key], value) for key, value in piece.items())
    if isinstance(piece, list) and isinstance(body, list):
        return all(any(same(item, wanted) for item in body) for wanted in piece)
    return body == piece
