"""Sights in, names out: the right one, none for what is unknown, nothing for a sound network."""

from __future__ import annotations

import pytest

from netprobe.audit.board.pods import NAMESPACES, PODS
from netprobe.audit.canaries import canary_pods
from netprobe.audit.diagnosis import Sight, diagnose
from netprobe.audit.explanations import explanations, not_refuted
from netprobe.audit.planning import lines_of
from netprobe.audit.predicting import Predictor
from netprobe.audit.rehearsal import rehearse
from netprobe.audit.writing import scenario_files
from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.load import load_from_files

YES = IpBlocksMeanPods.YES
NAMES = (
    "ports-ignored",
    "delete-leaks",
    "dead-node (node2)",
    "service-open",
    "labels-frozen",
    "fail-open-after-restart (node2)",
)


@pytest.fixture(scope="module")
def board(plan, two_nodes):
    """Histories, and the flows of each step, as an audit of two nodes has them."""
    scenario = load_from_files(scenario_files(two_nodes, lines_of(plan, two_nodes)))
    places = {(pod.namespace, pod.name): two_nodes[pod.place].name for pod in (*PODS, *canary_pods(2))}
    flows = [flows_of_step(scenario, step) for step in scenario.steps]
    return rehearse(scenario, NAMESPACES, places), flows


@pytest.fixture(scope="module")
def sights_of(board, plan):
    histories, flows = board
    by_name = {each.name: each for each in plan.explanations}

    def see(name):
        return [
            Sight(step=step, flow=flow, seen=answer)
            for step, (history, mine) in enumerate(zip(histories, flows, strict=True))
            for flow, answer in zip(mine, Predictor(by_name[name], history, YES).answers(mine), strict=True)
        ]

    return see


def some(plan, *names):
    return [each for each in plan.explanations if each.name in names]


def test_a_sound_network_has_no_suspect(sights_of, board, plan):
    found = diagnose(sights_of("sound"), board[0], plan.explanations[1:], YES)
    assert (found.deviations, found.fitting, found.near) == (0, (), ())


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_is_named_by_the_one_explanation_that_agrees_with_everything(sights_of, board, plan, name):
    found = diagnose(sights_of(name), board[0], some(plan, *NAMES, "nothing-enforced"), YES)
    (suspect,) = found.fitting
    assert suspect.name == name
    assert suspect.explained == suspect.deviations == found.deviations > 0
    assert suspect.against == 0


def test_rules_that_were_never_seen_in_force_on_a_node_were_not_lost_there():
    known = explanations(["node1", "node2"])
    names = [each.name for each in known]
    kept = [each.name for each in not_refuted(known, {"node2"})]
    assert set(names) - set(kept) == {"fail-open-after-restart (node1)"}
    assert not_refuted(known, {"node1", "node2"}) == known


def test_two_faults_at_once_get_no_wrong_name(sights_of, board, plan):
    both = [
        first if first.seen is not sound.seen else second
        for first, second, sound in zip(
            sights_of("ports-ignored"), sights_of("labels-frozen"), sights_of("sound"), strict=True
        )
    ]
    found = diagnose(both, board[0], some(plan, "ports-ignored", "labels-frozen", "nothing-enforced"), YES)
    assert found.fitting == ()
    assert {each.name for each in found.near} >= {"ports-ignored", "labels-frozen"}
    assert all(each.explained < each.deviations or each.against for each in found.near)


def test_a_fault_that_no_explanation_knows_is_unknown(sights_of, board, plan):
    sights = sights_of("sound")
    odd = next(n for n, sight in enumerate(sights) if sight.seen is Answer.DENY)
    sights[odd] = Sight(step=sights[odd].step, flow=sights[odd].flow, seen=Answer.ALLOW)
    found = diagnose(sights, board[0], some(plan, "nothing-enforced", "peers-ored"), YES)
    assert found.deviations == 1
    assert found.fitting == ()


def test_where_blocks_do_not_mean_pods_nothing_deviates_that_may_be_so(board, plan):
    histories, flows = board
    no = IpBlocksMeanPods.NO
    sights = [
        Sight(step=step, flow=flow, seen=answer)
        for step, (history, mine) in enumerate(zip(histories, flows, strict=True))
        for flow, answer in zip(mine, Predictor(plan.explanations[0], history, no).answers(mine), strict=True)
    ]
    assert diagnose(sights, histories, (), no).deviations == 0
    assert diagnose(sights, histories, (), YES).deviations > 0
