"""A patient run lets nothing count before a change was seen to take effect."""

from __future__ import annotations

import pytest

from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.model.finding import Kind, Seen, Verdict
from netprobe.model.observation import Phase

DELAY = 5.0


def first_success(result):
    """When the first attempt that counts was made of a flow that is open, in seconds of the run."""
    return min(
        attempt.started
        for finding in result.steps[0].findings
        if finding.seen is Seen.OPEN
        for attempt in finding.observation.attempts
        if attempt.phase is Phase.COUNTED and attempt.outcome.is_open
    )


def first_silence(result):
    """When the first attempt of a denied flow was closed."""
    return min(
        attempt.started
        for finding in result.steps[0].findings
        for attempt in finding.observation.attempts
        if attempt.outcome.is_closed
    )


@pytest.mark.parametrize("patient", [False, True])
def test_an_open_flow_counts_once_a_late_policy_is_in_force(bench, texts, deny_step, patient):
    bench.prepare(faults=Faults(policy_delay=DELAY))
    result = bench.run(texts(deny_step), patient=patient)
    assert {finding.verdict for finding in result.findings} == {Verdict.PASS}
    assert (first_success(result) >= first_silence(result) - 1) == patient


def test_where_no_change_is_ever_seen_it_does_not_wait_for_ever(bench, texts, deny_step):
    bench.prepare(faults=Faults(enforces=False))
    result = bench.run(texts(deny_step), patient=True)
    kinds = [finding.kind for finding in result.findings if finding.kind is not None]
    assert kinds == [Kind.LEAK] * 3
    assert result.steps[0].seconds < 14
