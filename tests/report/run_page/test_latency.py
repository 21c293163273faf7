"""Times: from the step's first attempt to the attempt from which on all was as the policies say."""

from __future__ import annotations

from netprobe.model.decision import Answer, Decision
from netprobe.model.finding import Comparison, Finding, Kind, Seen, Verdict
from netprobe.model.flow import Flow, PodRef
from netprobe.model.observation import Attempt, Observation, Outcome, Phase
from netprobe.model.run import SentinelReading, StepResult
from netprobe.report.run_page.latency import settling_of
from netprobe.report.run_page.latency_chart import draw_times

A, B, C = (PodRef(namespace="x", workload=name) for name in "abc")


def finding(source, destination, answer, seen, outcomes, *, verdict=Verdict.PASS, kind=None):
    flow = Flow(source=source, destination=destination, port=80)
    attempts = [
        Attempt(outcome=outcome, phase=phase, round=1, started=started)
        for started, outcome, phase in (
            (0.0, Outcome.CONNECTED, Phase.BASELINE),
            *((at, outcome, Phase.COUNTED) for at, outcome in outcomes),
        )
    ]
    observation = Observation(flow=flow.key, attempts=tuple(attempts))
    same = Comparison(verdict=verdict, kind=kind)
    return Finding(
        id=flow.key, flow=flow, verdict=verdict, kind=kind, network=same, policy=same, seen=seen,
        observation=observation, decision=Decision(answer=answer),
    )  # fmt: skip


OPEN, SHUT = Outcome.CONNECTED, Outcome.DROPPED
STEP = StepResult(
    name="s",
    findings=(
        finding(A, B, Answer.ALLOW, Seen.OPEN, [(5.0, OPEN)]),
        finding(A, C, Answer.ALLOW, Seen.OPEN, [(5.5, SHUT), (7.0, OPEN)]),
        finding(B, A, Answer.DENY, Seen.CLOSED, [(5.0, OPEN), (6.0, SHUT), (7.0, SHUT), (8.0, SHUT)]),
        finding(
            B, C, Answer.DENY, Seen.OPEN, [(5.0, OPEN), (6.0, OPEN)], verdict=Verdict.FAIL, kind=Kind.LEAK
        ),
        finding(C, A, Answer.UNDEFINED, Seen.OPEN, [(5.0, OPEN)], verdict=Verdict.UNDEFINED),
    ),
)


def test_times_count_from_the_first_attempt_of_the_step():
    opened, closed = settling_of(STEP)
    assert opened.seconds == (0.0, 2.0)
    assert (opened.never, opened.slowest, opened.median) == (0, STEP.findings[1].flow, 1.0)
    assert closed.seconds == (1.0,)
    assert (closed.never, closed.slowest) == (1, STEP.findings[2].flow)
    assert opened.within(0.95) == 2.0


def test_without_attempts_there_are_no_times():
    assert settling_of(StepResult(name="s")) == ()


def test_the_chart_shows_both_lines_and_every_node_that_was_measured():
    readings = (
        SentinelReading(node="node1", closing=True, flipped=True, seconds=0.25),
        SentinelReading(node="node2", closing=True, flipped=False, seconds=30.0),
    )
    chart = str(draw_times(settling_of(STEP), readings, "t"))
    assert 'class="curve curve-open"' in chart
    assert 'class="curve curve-closed"' in chart
    assert "node1" in chart
    assert "0.25 s" in chart
    assert "node2" not in chart
    assert "2 open flows: half in 1.00 s, all in 2.00 s" in chart
