"""What a network would do if an explanation held, where more than the oracle decides."""

from __future__ import annotations

import pytest

from netprobe.audit.board.pods import NAMESPACES, PODS
from netprobe.audit.canaries import canary_pods
from netprobe.audit.predicting import Predictor, wrong_backends
from netprobe.audit.rehearsal import rehearse
from netprobe.audit.writing import scenario_files
from netprobe.model.decision import Answer, Decision
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.intent import strongest_lines
from netprobe.scenario.load import load_from_files

ALLOW, DENY, UNDEFINED = Answer.ALLOW, Answer.DENY, Answer.UNDEFINED


@pytest.fixture(scope="module")
def predict(plan, two_nodes):
    """What an explanation answers for the lines of the first step, or the next ones."""
    scenario = load_from_files(scenario_files(two_nodes, [probe.line for probe in plan.probes]))
    places = {(pod.namespace, pod.name): two_nodes[pod.place].name for pod in (*PODS, *canary_pods(2))}
    histories = rehearse(scenario, NAMESPACES, places)
    known = {each.name: each for each in plan.explanations}

    def ask(name, text, step=0):
        steps = scenario.steps[step]
        flows = [
            flow
            for flow in flows_of_step(scenario, steps)
            if any(line.text == text for line in strongest_lines(steps, flow))
        ]
        return set(Predictor(known[name], histories[step], IpBlocksMeanPods.YES).answers(flows))

    return ask


CASES = [
    ("bare-pods-open", "home/api -> home/lone:8080/tcp via ip", 0),
    ("limited-pods-open", "home/api -> home/limited:8080/tcp via ip", 0),
    ("second-address-open", "home/api -> home/shut:8080/tcp via second-ip", 0),
    ("hairpin-blocked", "home/twin-one -> home/twin-one:8080/tcp via service", 0),
    ("blocks-mean-no-node", "home/visitor -> home/db:8080/tcp via node-port", 0),
    ("headless-disables-policies", "home/patron -> home/joiner:8080/tcp via ip", 0),
    ("sets-share-names", "home/db -> home/set-one:8080/tcp via ip", 0),
    ("last-rule-for-a-block", "home/db -> home/rough:8080/tcp via ip", 0),
    ("namesakes-share-policies", "home/api -> np-run-home/me:8080/tcp via ip", 0),
    ("replaced-pods-keep-labels", "home/api -> home/moved:8080/tcp via ip", 1),
    ("returning-pods-unknown", "home/lone -> home/members:8080/tcp via ip", 1),
]


@pytest.mark.parametrize(("name", "text", "step"), CASES, ids=[name for name, _, _ in CASES])
def test_a_fault_shows_at_the_edge_that_is_there_for_it(predict, name, text, step):
    (sound,), (faulty,) = predict("sound", text, step), predict(name, text, step)
    assert {sound, faulty} == {ALLOW, DENY}


MIXED = "home/patron -> home/web:8081/tcp via service"


def test_of_a_service_with_pods_that_may_and_must_not_answer_the_wrong_ones_count(predict):
    assert predict("sound", MIXED) == {DENY}
    assert predict("service-open", MIXED) == predict("nothing-enforced", MIXED) == {ALLOW}
    assert predict("services-blocked", MIXED) == {UNDEFINED}


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [((ALLOW, DENY), {"1"}), ((DENY, DENY), set()), ((ALLOW, UNDEFINED), set()), ((), set())],
)
def test_backends_are_wrong_only_where_others_are_right(answers, wrong):
    backends = tuple((str(number), 80, answer) for number, answer in enumerate(answers))
    assert wrong_backends(Decision(answer=UNDEFINED, reason="", backends=backends)) == wrong
