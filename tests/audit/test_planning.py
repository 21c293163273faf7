"""The board and the plan: what the author says is what the oracle says, and every defect is told apart."""

from __future__ import annotations

import collections

import pytest

from netprobe.audit.board.also_asked import EARLIER
from netprobe.audit.board.cases import FEATURES
from netprobe.audit.board.feature import Phase
from netprobe.audit.nodes import AuditedNode
from netprobe.audit.planning import lines_of, make_plan
from netprobe.audit.writing import scenario_files
from netprobe.model.finding import Expectation
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.intent import intent_for
from netprobe.scenario.load import load_from_files


def test_no_two_explanations_look_alike_on_two_nodes(plan):
    names = [each.name for each in plan.explanations]
    assert [(names[one], names[other]) for one, other in plan.alike] == []
    assert len(names) == len(set(names))


def test_what_is_needed_is_a_part_of_what_is_chosen_and_much_less_than_all(plan):
    assert set(plan.needed) <= set(plan.chosen) <= set(plan.probes)
    assert len(plan.needed) < len(plan.probes) / 3


def test_every_needed_probe_adds_something(plan):
    for number, probe in enumerate(plan.needed):
        before = frozenset().union(*(each.tells_apart for each in plan.needed[:number]))
        assert probe.tells_apart - before


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_keeps_probes_of_both_kinds(plan, feature):
    chosen = [probe.line for probe in plan.chosen if feature.name in probe.features]
    assert any(line.allowed for line in chosen) == bool(feature.allow)
    assert sum(not line.allowed for line in chosen) >= min(2, len(feature.deny))


def test_each_defect_that_the_plan_knows_shows_in_some_needed_probe(plan):
    shown = {pair[1] for probe in plan.needed for pair in probe.tells_apart if pair[0] == 0}
    assert shown == set(range(1, len(plan.explanations)))


def test_what_the_board_expects_is_what_the_policies_say(two_nodes, plan):
    """``tells_apart`` rests on the oracle; the hand-written expectation is a second opinion."""
    scenario = load_from_files(scenario_files(two_nodes, [probe.line for probe in plan.probes]))
    lines = {}
    for step in scenario.steps:
        for flow in flows_of_step(scenario, step):
            intent = intent_for(scenario, step, flow)
            lines[step.name, intent.text] = intent.expectation
    expected = collections.Counter(lines.values())
    written = [probe.line for probe in plan.probes]
    assert expected[Expectation.ALLOW] == sum(line.allowed for line in written)
    assert expected[Expectation.DENY] == sum(not line.allowed for line in written)


def test_each_line_is_one_flow_or_the_same_by_several_services(two_nodes, plan):
    lines = lines_of(plan, two_nodes, thorough=True)
    scenario = load_from_files(scenario_files(two_nodes, lines))
    for step in scenario.steps:
        mine = {line.full for line in lines if line.phase.value == step.name}
        asked = collections.defaultdict(list)
        for flow in flows_of_step(scenario, step):
            asked[intent_for(scenario, step, flow).text].append(flow)
        assert set(asked) == mine
        assert all(each.via.is_by_service for flows in asked.values() if len(flows) > 1 for each in flows)


def test_the_probes_of_nodes_grow_with_their_number_and_not_with_its_square(plan):
    def count(number):
        nodes = [AuditedNode(name=f"n{n}", hostname=f"n{n}") for n in range(number)]
        return len(lines_of(plan, nodes))

    assert count(20) - count(19) == count(10) - count(9) < 20


def test_one_node_has_no_neighbour():
    (node,) = [AuditedNode(name="only", hostname="only")]
    plan = make_plan([node])
    lines = lines_of(plan, [node])
    assert not any("node" in each.name.split("(")[0] for each in plan.explanations if "(" in each.name)
    load_from_files(scenario_files([node], lines))


def test_earlier_lines_are_about_what_changes_later():
    changing = {text for each in FEATURES if each.phase is Phase.CHANGE for text in (*each.allow, *each.deny)}
    for allow, deny in EARLIER.values():
        assert {text.rpartition(":")[0] for text in (*allow, *deny)} <= {
            text.rpartition(":")[0] for text in changing
        }


def test_ipv6_clusters_have_blocks_of_their_family(two_nodes):
    six = scenario_files(two_nodes, [], ipv6=True)
    assert '"::/0"' in six["policies.yaml"]
    assert load_from_files(six).steps
    assert "::/0" not in scenario_files(two_nodes, [])["policies.yaml"]
