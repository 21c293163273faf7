"""Several runs in few lines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.model.finding import Verdict
from netprobe.report.summary import needs_reading, render_line, render_summary


def line(result, width=100):
    return render_line(result, width=width, color=False)


def summary(*results):
    return render_summary(results, width=100, color=False).splitlines()


def test_a_pass_is_one_line_with_its_title(enforcing_run):
    assert not needs_reading(enforcing_run)
    words = line(enforcing_run).split()
    assert words[:2] == ["PASS", enforcing_run.scenario]
    assert enforcing_run.title.split()[0] in words
    assert line(enforcing_run).count("\n") == 1


def test_a_line_keeps_to_the_width(enforcing_run):
    long = replace(enforcing_run, title="word " * 60)
    assert len(line(long, width=80).rstrip("\n")) == 80
    assert line(long, width=80).endswith("…\n")


def test_passing_runs_are_counted(enforcing_run):
    said = summary(enforcing_run, enforcing_run)
    assert said[0].startswith(f"2 runs, {2 * len(enforcing_run.findings)} flows: ")
    assert said[1] == "PASS: all 2 runs pass (exit code 0)"


def test_failures_are_named_and_headlines_come_first_and_once(enforcing_run, leaking_run):
    said = summary(leaking_run, enforcing_run, leaking_run)
    assert said[: len(leaking_run.headlines)] == list(leaking_run.headlines)
    rest = said[len(leaking_run.headlines) :]
    assert [row.split()[:2] for row in rest[:2]] == [["FAIL", leaking_run.scenario]] * 2
    assert "LEAK)" in rest[2]
    assert rest[3].startswith("FAIL: failures are proved in 2 of 3 runs: ")
    assert rest[-1].endswith("(exit code 1)")


def test_a_run_that_ended_early_is_no_pass(enforcing_run):
    interrupted_run = replace(enforcing_run, interrupted="stopped by Ctrl-C (SIGINT)")
    assert needs_reading(interrupted_run)
    said = summary(enforcing_run, interrupted_run)
    assert said[0].split()[:2] == ["INTERRUPTED", interrupted_run.scenario]
    assert said[-1].startswith("INCONCLUSIVE: there is no answer from 1 of 2 runs: ")
    assert said[-1].endswith("(exit code 3)")


@pytest.mark.parametrize(
    ("verdict", "code"), [(Verdict.SKIP, 0), (Verdict.UNDEFINED, 0), (Verdict.INCONCLUSIVE, 3)]
)
def test_what_is_no_pass_is_named_beside_those_that_are(enforcing_run, verdict, code):
    finding = replace(enforcing_run.steps[0].findings[0], verdict=verdict)
    other = replace(
        enforcing_run, scenario="other", steps=(replace(enforcing_run.steps[0], findings=(finding,)),)
    )
    said = summary(enforcing_run, other)
    assert said[0].split()[:2] == [verdict.value, "other"]
    assert said[-1].endswith(f"(exit code {code})")
    if code == 0:
        assert said[-1].startswith(f"PASS: 1 of 2 runs are as they should be; 1 {verdict.value}")
