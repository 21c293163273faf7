"""Exit codes and last lines: the rule over all combinations of verdicts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.model.finding import Comparison, Finding, Kind, Verdict
from netprobe.model.flow import DnsRef, Flow, PodRef
from netprobe.model.run import ClusterDescription, RunResult, StepResult
from netprobe.report.conclusion import conclude, exit_code_of

FLOW = Flow(source=PodRef(namespace="x", workload="a"), destination=DnsRef(), port=53)


def run_with(*verdicts: Verdict, interrupted: str = "") -> RunResult:
    findings = tuple(
        Finding(
            id="i",
            flow=FLOW,
            verdict=v,
            kind=Kind.LEAK if v is Verdict.FAIL else None,
            network=Comparison(verdict=v),
            policy=Comparison(verdict=v),
        )
        for v in verdicts
    )
    return RunResult(
        run_id="r",
        scenario="s",
        title="",
        cluster=ClusterDescription(name="lab", kind="lab", title="lab"),
        netprobe_version="0",
        started="",
        seconds=0.0,
        steps=(StepResult(name="one", findings=findings),),
        interrupted=interrupted,
    )


P, S, U, I, F = Verdict.PASS, Verdict.SKIP, Verdict.UNDEFINED, Verdict.INCONCLUSIVE, Verdict.FAIL  # noqa: E741 - short in the table below


@pytest.mark.parametrize(
    ("verdicts", "word", "code"),
    [
        ([P], "PASS", 0),
        ([P, S], "PASS", 0),
        ([P, S, U], "UNDEFINED", 0),
        ([P, I], "INCONCLUSIVE", 3),
        ([P, I, F], "FAIL", 1),
        ([F], "FAIL", 1),
        ([S], "SKIP", 3),
        ([U, S], "UNDEFINED", 3),
        ([I], "INCONCLUSIVE", 3),
        ([], "INCONCLUSIVE", 3),
    ],
)
def test_word_and_exit_code(verdicts, word, code):
    end = conclude(run_with(*verdicts))
    assert (end.word, end.exit_code) == (word, code)
    assert end.sentence


def test_an_interrupted_run_is_never_a_success():
    end = conclude(run_with(P, interrupted="stopped by Ctrl-C"))
    assert (end.word, end.exit_code) == ("INTERRUPTED", 3)
    assert conclude(run_with(P, F, interrupted="stopped")).exit_code == 1
    assert "nothing had been measured" in conclude(run_with(interrupted="stopped")).sentence


def test_a_skipped_scenario_does_not_spoil_the_others():
    assert exit_code_of([run_with(S), run_with(P)]) == 0
    assert exit_code_of([run_with(S)]) == 3
    assert exit_code_of([]) == 3


@given(st.lists(st.lists(st.sampled_from(Verdict), max_size=4), max_size=4))
def test_success_needs_a_pass_and_nothing_bad(lists):
    code = exit_code_of([run_with(*verdicts) for verdicts in lists])
    flat = [v for verdicts in lists for v in verdicts]
    if F in flat:
        assert code == 1
    elif P in flat and I not in flat and all(lists):
        assert code == 0
    else:
        assert code == 3


def test_one_failed_run_among_good_ones(leaking_run, enforcing_run):
    assert exit_code_of([enforcing_run]) == 0
    assert exit_code_of([enforcing_run, leaking_run, replace(enforcing_run, interrupted="x")]) == 1
