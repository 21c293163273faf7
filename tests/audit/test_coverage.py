"""docs/fault-coverage.md, its data, the board, the lab's profiles and the explanations say the same."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path

from netprobe.audit.board.cases import FEATURES
from netprobe.audit.canaries import canary_lines
from netprobe.audit.planning import lines_of
from netprobe.audit.windows import NAME as WINDOW
from netprobe.audit.windows import suspect_window
from netprobe.cli.check import check
from netprobe.lab.datapath.profiles import PROFILES
from netprobe.model.audit import Enforcement, FeatureResult, Tally
from netprobe.model.policy import Direction
from tests.bench.coverage import ALSO, kind_of, page, sections

ROOT = Path(__file__).parents[2]
ROWS = {row["id"]: row for section in sections() for row in section["rows"]}
CANARIES = {f"canaries: {direction.value.lower()}": direction for direction in Direction}


def is_about_pods_of_the_user(probe):
    return probe.startswith(f"{ALSO}: ")


def explanations_of(plan):
    """Explanations by their names, those of a node by the name that they share."""
    found = {}
    for number, each in enumerate(plan.explanations):
        found.setdefault(each.name.partition(" (")[0], []).append(number)
    return found


def test_the_page_is_made_of_the_data():
    found = (ROOT / "docs" / "fault-coverage.md").read_text(encoding="utf-8")
    assert found == page(), "renew it: python tests/bench/coverage.py > docs/fault-coverage.md"


def test_of_the_faults_at_least_a_hundred_would_make_an_audit_deviate():
    counted = Counter(map(kind_of, ROWS.values()))
    assert counted["scenario"] == 0, "then the head of the page says so, too"
    assert counted["probe"] >= 100
    assert len(ROWS) == sum(len(section["rows"]) for section in sections())


def test_every_named_edge_is_probed_by_every_audit(plan, two_nodes):
    probed = {line.text for line in lines_of(plan, two_nodes)}
    phases = {feature.name: (*feature.allow, *feature.deny) for feature in FEATURES}
    phases[WINDOW] = phases["new-pods"]
    for probe in chain.from_iterable(row.get("probe", ()) for row in ROWS.values()):
        feature, _, text = probe.partition(": ")
        if is_about_pods_of_the_user(probe):
            assert "--also" in {option for each in check.params for option in each.opts}
        else:
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
        edges = [
            probe
            for probe in row.get("probe", ())
            if meant and not probe.startswith(WINDOW) and not is_about_pods_of_the_user(probe)
        ]
        assert [edge for edge in edges if not found[edge] & meant] == [], row["id"]
