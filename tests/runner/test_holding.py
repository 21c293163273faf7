"""What the log of a held connection comes to."""

from __future__ import annotations

import pytest

from netprobe.model.flow import Flow, PodRef
from netprobe.model.run import HeldState
from netprobe.probing.holding import HeldLog
from netprobe.runner.holding import read_held

FLOW = Flow(
    source=PodRef(namespace="home", workload="free-0"),
    destination=PodRef(namespace="home", workload="in-0"),
    port=8080,
)


@pytest.mark.parametrize(
    ("log", "state", "seconds"),
    [
        (HeldLog(now=120.0, answers=(100.0, 119.5), running=True), HeldState.GOES_ON, 9.5),
        (HeldLog(now=120.0, answers=(100.0, 111.5), running=True), HeldState.CUT, 1.5),
        (HeldLog(now=120.0, answers=(100.0, 110.2), ended=110.7), HeldState.CUT, 0.2),
        (HeldLog(now=120.0, answers=(100.0, 119.9), ended=119.9), HeldState.CUT, 9.9),
        (HeldLog(now=120.0, answers=(100.0, 109.0), running=True), HeldState.CUT, 0.0),
        (HeldLog(now=120.0, answers=(100.0, 109.0)), HeldState.UNKNOWN, 0.0),
        (HeldLog(now=120.0, answers=(112.0,), running=True), HeldState.UNKNOWN, 0.0),
        (HeldLog(now=120.0, error="nc: refused", ended=99.0), HeldState.UNKNOWN, 0.0),
    ],
)
def test_the_last_answer_decides(log, state, seconds):
    reading = read_held(FLOW, log, offset=-100.0, written=10.0)
    assert (reading.state, reading.seconds) == (state, seconds)
    assert bool(reading.detail) is (state is HeldState.UNKNOWN)


def test_without_the_clock_of_the_pod_nothing_is_known():
    log = HeldLog(now=120.0, answers=(100.0,), running=True)
    assert read_held(FLOW, log, offset=None, written=10.0).state is HeldState.UNKNOWN


def test_connections_are_held_through_the_first_step_only_and_what_cannot_be_opened_is_told(
    bench, texts, deny_step
):
    def flow(name):
        source, destination = (PodRef(namespace="red", workload=each) for each in ("b", name))
        return Flow(source=source, destination=destination, port=80)

    steps = deny_step + "  - {name: again, delete: [deny-a.yaml], intent: {default: allow}}\n"
    result = bench.run(texts(steps), held=(flow("a"), flow("nobody")))
    went_on, unknown = result.steps[0].held
    assert (went_on.flow, went_on.state) == (flow("a").key, HeldState.GOES_ON)
    assert unknown.state is HeldState.UNKNOWN
    assert unknown.detail
    assert result.steps[1].held == ()
