"""docs/fault-coverage.md, its data, the board, the lab's profiles and the explanations say the same."""

from __future__ import annotations

import tomllib
from itertools import chain
from pathlib import Path

import pytest

from netprobe.audit.board.cases import FEATURES
from netprobe.audit.canaries import canary_lines
from netprobe.audit.planning import lines_of
from netprobe.audit.windows import NAME as WINDOW
from netprobe.audit.windows import suspect_window
from netprobe.lab.datapath.profiles import PROFILES
from netprobe.model.audit import Enforcement, FeatureResult, Tally
from netprobe.model.policy import Direction

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = (ROOT / "docs" / "fault-coverage.md").read_text(encoding="utf-8")
SECTIONS = tomllib.loads((HERE / "coverage.toml").read_text(encoding="utf-8"))["section"]
ROWS = {row["id"]: row for section in SECTIONS for row in section["rows"]}
KINDS = ("probe", "scenario", "told", "chance", "why")
CANARIES = {f"canaries: {direction.value.lower()}": direction for direction in Direction}


def kind_of(row):
    (kind,) = [kind for kind in KINDS if kind in row]
    return kind


def count_of(kind):
    return sum(kind_of(row) == kind for row in ROWS.values())


def revealed_by(row):
    match kind_of(row):
        case "probe":
            edges = (f"{probe.partition(': ')[0]}: `{probe.partition(': ')[2]}`" for probe in row["probe"])
            shown = [
                probe if probe in CANARIES else edge for probe, edge in zip(row["probe"], edges, strict=True)
            ]
            return "; ".join(shown) + (f" ({row['note']})" if "note" in row else "")
        case "scenario":
            return f"*`netprobe run {row['scenario']}` only*"
        case "told":
            return f"*no deviation:* {row['told']}"
        case "chance":
            return f"*by luck only:* {row['chance']}"
        case _:
            return f"*nothing:* {row['why']}"


def line_of(row):
    lab, named = (", ".join(f"`{name}`" for name in row.get(key, ())) for key in ("lab", "named"))
    return f"| `{row['id']}` | {row['who']} | {row['fault']} | {revealed_by(row)} | {lab} | {named} |"


def explanations_of(plan):
    """Explanations by their names, those of a node by the name that they share."""
    found = {}
    for number, each in enumerate(plan.explanations):
        found.setdefault(each.name.partition(" (")[0], []).append(number)
    return found


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section["id"])
def test_the_page_shows_each_section_of_the_data(section):
    _, heading, rest = PAGE.partition(f"\n## {section['title']}\n")
    assert heading
    shown = [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    expected = [line_of(row) for row in section["rows"]]
    assert shown == expected, "docs/fault-coverage.md is stale: put in these rows"


def test_the_page_has_no_other_rows_and_counts_them_right():
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows) == len(ROWS) == sum(len(section["rows"]) for section in SECTIONS)
    assert f"Of {len(ROWS)} faults, {count_of('probe')} would make an audit deviate" in PAGE
    assert count_of("scenario") == 0, "then the intro says so, too"
    for kind, text in (
        ("told", "are told of without being called deviations"),
        ("chance", "would be met by luck only"),
        ("why", "have no probe"),
    ):
        assert f"{count_of(kind)} {text}" in " ".join(PAGE.split())


def test_every_named_edge_is_probed_by_every_audit(plan, two_nodes):
    probed = {line.text for line in lines_of(plan, two_nodes)}
    phases = {feature.name: (*feature.allow, *feature.deny) for feature in FEATURES}
    phases[WINDOW] = phases["new-pods"]
    for probe in chain.from_iterable(row.get("probe", ()) for row in ROWS.values()):
        feature, _, text = probe.partition(": ")
        assert probe in CANARIES or (text in phases[feature] and text in probed), probe


def test_every_named_profile_explanation_and_scenario_exists(plan):
    known = {*explanations_of(plan), WINDOW}
    for row in ROWS.values():
        assert set(row.get("lab", ())) <= set(PROFILES), row["id"]
        assert set(row.get("named", ())) <= known, row["id"]
        assert (ROOT / "scenarios" / row.get("scenario", "ports")).is_dir(), row["id"]


def test_every_fault_that_the_lab_or_the_audit_cites_is_there_with_their_names(plan):
    for profile in PROFILES.values():
        for cited in profile.cites:
            assert profile.name in ROWS[cited]["lab"], cited
    for name, numbers in explanations_of(plan).items():
        for cited in plan.explanations[numbers[0]].cites:
            assert name in ROWS[cited]["named"], cited
    result = FeatureResult(
        name=WINDOW, title="", verdict=Enforcement.PARTIALLY_ENFORCED, tally=Tally(leaked=1)
    )
    (early,) = suspect_window(result)
    assert all(WINDOW in ROWS[cited]["named"] for cited in early.cites)


def edges_that_deviate(plan, nodes):
    """Probes, named as in the data, to the numbers of the explanations under which they deviate."""
    found, canaries = {}, {word: canary_texts(nodes, each) for word, each in CANARIES.items()}
    for probe in plan.probes:
        numbers = {number for pair in probe.tells_apart if 0 in pair for number in pair}
        own = [word for word, texts in canaries.items() if probe.line.text in texts]
        for name in (*(f"{feature}: {probe.line.text}" for feature in probe.features), *own):
            found.setdefault(name, set()).update(numbers - {0})
    return found


def canary_texts(nodes, direction):
    return {line.text for line in canary_lines(nodes) if line.direction is direction}


def test_each_named_edge_deviates_under_one_of_the_named_explanations(plan, two_nodes):
    found, known = edges_that_deviate(plan, two_nodes), explanations_of(plan)
    for row in ROWS.values():
        meant = {number for name in row.get("named", ()) if name != WINDOW for number in known[name]}
        edges = [probe for probe in row.get("probe", ()) if meant and not probe.startswith(WINDOW)]
        assert [edge for edge in edges if not found[edge] & meant] == [], row["id"]
