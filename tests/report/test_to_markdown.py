"""The Markdown report: golden document, escaping, and never more than a pull request takes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from netprobe.report.to_markdown import MOST_CHARACTERS, render
from tests.report.html.large_runs import large_run


@pytest.mark.parametrize("name", ["every_verdict_run", "enforcing_run", "leaking_run", "interrupted_run"])
def test_the_document_is_the_golden_one(name, request, golden):
    golden(f"{name}.md", render([request.getfixturevalue(name)]))


def test_several_runs_have_a_table_and_those_that_need_reading_a_chapter(enforcing_run, leaking_run, golden):
    golden("several-runs.md", render([enforcing_run, replace(leaking_run, scenario="leaking")]))


def test_the_graph_draws_what_is_wrong_and_what_a_line_denies(leaking_run, enforcing_run):
    (graph,) = re.findall(r"```mermaid\n(.*?)```", render([leaking_run]), re.DOTALL)
    assert graph.startswith("graph LR\n")
    assert graph.count("LEAK ") == 9
    assert 'subgraph ns1["production"]' in graph
    (graph,) = re.findall(r"```mermaid\n(.*?)```", render([enforcing_run]), re.DOTALL)
    assert graph.count("-.-x") == 2
    assert "Not drawn: 7 edges that are blocked, as the policies say" in render([enforcing_run])


@pytest.mark.parametrize(("wrong", "runs"), [(0.05, 1), (1.0, 1), (1.0, 8), (1.0, 300)])
def test_what_is_too_long_is_left_out_and_that_is_said(wrong, runs):
    run = large_run(40 if runs < 300 else 12, wrong=wrong)
    text = render([run] * runs)
    assert len(text) <= MOST_CHARACTERS
    assert text.startswith("## ❌ ")
    assert text.count("<details") == text.count("</details>")
    assert text.count("```") % 2 == 0
    if runs > 1:
        assert "The HTML and JSON reports have everything." in text


def test_texts_do_not_format(leaking_run):
    hostile = "*a* _b_ <img src=x> [l](x) `c` | # \n## d"
    finding = replace(leaking_run.findings[-1], explanation=hostile)
    step = replace(leaking_run.steps[0], name=hostile, findings=(finding,))
    text = render([replace(leaking_run, steps=(step,), title=hostile, headlines=(hostile,))])
    bare = "\n".join(line for line in text.splitlines() if "<summary>" not in line)
    assert "<img" not in bare.replace("\\<img", "")
    assert not re.search(r"(?<!\\)\*a", bare)
    assert "\n## d" not in text
