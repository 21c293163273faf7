"""Findings in, verdicts out."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from netprobe.audit.assessment import enforcement_of, findings_by_line, tally_of
from netprobe.audit.windows import assess_window, suspect_window
from netprobe.model.audit import Enforcement
from netprobe.model.finding import Comparison, Expectation, Finding, IntentRef, Kind, Party, Seen, Verdict
from netprobe.model.flow import Flow, PodRef
from netprobe.model.observation import Attempt, Observation, Outcome, Phase
from netprobe.model.run import ClusterDescription, RunResult, StepResult

FLOW = Flow(
    source=PodRef(namespace="home", workload="api"),
    destination=PodRef(namespace="home", workload="fresh"),
    port=8080,
)
OPEN = {"verdict": Verdict.PASS, "seen": Seen.OPEN}
CLOSED = {"verdict": Verdict.PASS, "seen": Seen.CLOSED}
LEAK = {"verdict": Verdict.FAIL, "kind": Kind.LEAK, "seen": Seen.OPEN}
BLOCKED = {"verdict": Verdict.FAIL, "kind": Kind.BLOCKED, "seen": Seen.CLOSED}
NOTHING = {"verdict": Verdict.INCONCLUSIVE, "seen": Seen.NOTHING}
SKIP = {"verdict": Verdict.SKIP, "seen": Seen.NOTHING}
UNDEFINED = {"verdict": Verdict.UNDEFINED, "seen": Seen.OPEN}


def finding(*, verdict, seen, kind=None, outcomes=()):
    attempts = tuple(
        Attempt(outcome=outcome, phase=Phase.SETTLING, round=n, started=float(n))
        for n, outcome in enumerate(outcomes)
    )
    return Finding(
        id="x",
        flow=FLOW,
        verdict=verdict,
        kind=kind,
        party=Party.NETWORK if kind else None,
        network=Comparison(verdict=verdict, kind=kind),
        policy=Comparison(verdict=Verdict.PASS),
        seen=seen,
        observation=Observation(flow=FLOW.key, attempts=attempts),
        explanation="because",
    )


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ((OPEN, CLOSED), Enforcement.ENFORCED),
        ((OPEN, LEAK), Enforcement.NOT_ENFORCED),
        ((LEAK, LEAK), Enforcement.NOT_ENFORCED),
        ((CLOSED, LEAK), Enforcement.PARTIALLY_ENFORCED),
        ((CLOSED, BLOCKED), Enforcement.PARTIALLY_ENFORCED),
        ((BLOCKED,), Enforcement.PARTIALLY_ENFORCED),
        ((OPEN, CLOSED, NOTHING), Enforcement.INCONCLUSIVE),
        ((LEAK, NOTHING), Enforcement.NOT_ENFORCED),
        ((CLOSED, SKIP), Enforcement.ENFORCED),
        ((SKIP,), Enforcement.SKIPPED),
        ((UNDEFINED,), Enforcement.SKIPPED),
        ((), Enforcement.SKIPPED),
    ],
)
def test_what_findings_come_to(found, verdict):
    assert enforcement_of([finding(**each) for each in found]) is verdict


def test_a_tally_counts_each_finding_once_and_keeps_the_first_reason():
    tally = tally_of([finding(**each) for each in (OPEN, CLOSED, LEAK, BLOCKED, NOTHING, SKIP)])
    assert (tally.agreed, tally.leaked, tally.blocked, tally.unanswered, tally.skipped) == (2, 1, 1, 1, 1)
    assert tally.denials == 2  # the leak, and the one that was closed as it had to be
    assert tally.reason == "because"


def test_one_early_success_of_a_new_pod_is_a_window():
    late = finding(**CLOSED, outcomes=(Outcome.CONNECTED, Outcome.DROPPED, Outcome.DROPPED))
    result = assess_window([("changes", late)])
    assert result.verdict is Enforcement.PARTIALLY_ENFORCED
    (suspect,) = suspect_window(result)
    assert suspect.name == "startup-window"


def test_a_pod_that_was_shut_from_the_start_has_no_window():
    shut = finding(**CLOSED, outcomes=(Outcome.DROPPED, Outcome.DROPPED))
    result = assess_window([("changes", shut)])
    assert result.verdict is Enforcement.ENFORCED
    assert suspect_window(result) == ()
    assert assess_window([("policies", shut)]) is None
    assert suspect_window(None) == ()


def test_of_a_line_that_means_several_services_the_worst_finding_stands():
    def one(comparison):
        intent = IntentRef(expectation=Expectation.DENY, text="home/a -> np-0a1b-home/b:80 via service")
        return replace(finding(**comparison), intent=intent)

    def found(*comparisons):
        step = StepResult(name="policies", findings=tuple(map(one, comparisons)))
        result = RunResult(
            run_id="0a1b",
            scenario="audit",
            title="",
            cluster=ClusterDescription(name="lab", kind="lab", title="lab"),
            netprobe_version="",
            started="",
            seconds=0.0,
            steps=(step,),
        )
        return findings_by_line(result)

    key = ("policies", "home/a -> np-run-home/b:80 via service")
    for several in itertools.permutations((CLOSED, LEAK, NOTHING)):
        ((named, worst),) = found(*several).items()
        assert named == key
        assert worst.kind is Kind.LEAK
    assert found(CLOSED, NOTHING)[key].verdict is Verdict.INCONCLUSIVE
