"""The terminal report: golden pages, folding, widths, colours."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from netprobe.model.finding import Kind, Verdict
from netprobe.report.to_terminal import render, render_brief

RUNS = ("enforcing_run", "leaking_run", "every_verdict_run", "interrupted_run")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("width", [80, 120])
def test_the_page_is_the_golden_one(name, width, request, golden):
    golden(f"{name}-{width}.txt", render(request.getfixturevalue(name), width=width, color=False))


def test_a_verbose_page_holds_attempts_ids_and_all_tables(enforcing_run, leaking_run, golden):
    page = render(leaking_run, width=100, color=False, verbose=True)
    golden("leaking_run-verbose.txt", page)
    assert "likewise" not in page
    assert page.count("LEAK  ") >= sum(f.kind is not None for f in leaking_run.findings)
    assert "come out the same" not in render(enforcing_run, width=100, color=False, verbose=True)


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("width", [60, 67, 80, 100, 120, 160, 200])
def test_no_line_is_wider_than_the_terminal(name, width, request):
    page = render(request.getfixturevalue(name), width=width, color=True)
    assert max(len(ANSI.sub("", line)) for line in page.splitlines()) <= width


@pytest.mark.parametrize("name", RUNS)
def test_colour_changes_nothing_but_colour(name, request):
    run = request.getfixturevalue(name)
    painted = render(run, width=100, color=True)
    plain = render(run, width=100, color=False)
    assert "\x1b[" in painted
    assert "\x1b[" not in plain
    assert [line.rstrip() for line in ANSI.sub("", painted).splitlines()] == plain.splitlines()


def test_the_headline_is_the_first_line(leaking_run):
    page = render(leaking_run, width=100, color=False)
    assert page.splitlines()[0] == "NetworkPolicy is not enforced on node1, node2"


def test_a_wide_table_is_split_and_every_destination_is_shown(grid_run):
    page = render(grid_run(24), width=80, color=False)
    assert "(part 1 of" in page
    for number in range(24):
        assert page.count(f"pod-{number:02}") >= 2


def test_a_huge_table_shows_only_what_is_remarkable(grid_run):
    quiet = render(grid_run(51), width=120, color=False)
    assert "all 2550 flows (51 × 51) are as expected" in quiet
    leaking = render(grid_run(51, leak=True), width=120, color=False)
    assert "of 51 × 51 only rows and columns with surprises" in leaking
    assert sum("LEAK" in line for line in leaking.splitlines()) >= 2
    assert "part 2" in render(grid_run(51), width=120, color=False, verbose=True)


def test_findings_of_one_cause_are_explained_once(leaking_run):
    page = " ".join(render(leaking_run, width=100, color=False).split())
    assert page.count("database-policy isolates the destination") == 1
    assert "likewise ingress-nginx/controller → production/database:5432" in page


def test_many_alike_and_many_causes_are_counted(grid_run):
    run = grid_run(9)
    step = run.steps[0]
    leaks = [
        replace(f, verdict=Verdict.FAIL, kind=Kind.BLOCKED, explanation=f"{f.flow.key} got no answer")
        for f in step.findings
    ]
    page = render(replace(run, steps=(replace(step, findings=tuple(leaks)),)), width=100, color=False)
    assert page.count("got no answer") == 5, "five causes of nine are explained"
    assert page.count("likewise") == 5 * 3
    assert page.count("    and 4 more like it (-v shows all)") == 5
    assert "  BLOCKED  32 more, of 4 other causes (-v shows all)" in page.splitlines()


def test_denied_on_purpose_is_listed_with_its_policy(enforcing_run):
    page = " ".join(render(enforcing_run, width=120, color=False).split())
    assert "Blocked as intended:" in page
    assert (
        "production/frontend → production/database:5432, by pod IP and by name database:5432: "
        "blocked, as database-policy says"
    ) in page
    assert "bystander → production/api:8080, by pod IP" not in page, "the default is not a named line"


def test_a_brief_report_has_the_headline_and_the_end(leaking_run):
    lines = render_brief(leaking_run, width=100, color=False).splitlines()
    assert lines[0].startswith("NetworkPolicy is not enforced")
    assert lines[-1].startswith("FAIL: ")
    assert len(lines) == 3
