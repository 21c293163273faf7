"""A patient run lets nothing count before a change was seen to take effect."""

from __future__ import annotations

import pytest

from netprobe.cluster.port import Limits
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


def test_where_it_is_known_how_soon_policies_take_effect_nothing_waits_longer(bench, texts, deny_step):
    bench.prepare(faults=Faults(enforces=False), limits=Limits(no_effect_seconds=5.0))
    result = bench.run(texts(deny_step), patient=True)
    assert [finding.kind for finding in result.findings if finding.kind is not None] == [Kind.LEAK] * 3
    assert [reading.flipped for reading in result.steps[0].sentinels] == [False, False]
    assert 5 <= result.steps[0].seconds < 8


def test_a_late_policy_that_has_some_effect_is_waited_for_all_the_same(bench, texts, deny_step):
    faults = Faults(policy_delay=4.0, leaks=frozenset({("b", "a")}))
    bench.prepare(faults=faults, limits=Limits(no_effect_seconds=5.0))
    result = bench.run(texts(deny_step), patient=True)
    kinds = [finding.kind for finding in result.findings if finding.kind is not None]
    assert set(kinds) == {Kind.LEAK}
    assert [reading.flipped for reading in result.steps[0].sentinels] == [True, True]
    assert result.steps[0].seconds >= 12


def test_a_node_where_nothing_took_effect_is_not_waited_for_again(bench, texts, deny_step):
    bench.prepare(faults=Faults(enforces=False), limits=Limits(no_effect_seconds=5.0))
    steps = deny_step + "  - {name: again, delete: [deny-a.yaml], intent: {default: allow}}\n"
    result = bench.run(texts(steps), patient=True)
    assert {finding.verdict for finding in result.steps[1].findings} == {Verdict.PASS}
    assert result.steps[1].seconds < 4
    assert {reading.detail for reading in result.steps[1].sentinels} == {"a flip had no effect here before"}
