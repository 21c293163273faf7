"""Reports of runs and audits: what they are read as, and what is wrong with others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.comparison.measured import MeasuredAudit, MeasuredRun
from netprobe.comparison.reading import VERSIONS, read_reports
from netprobe.errors import InputError
from netprobe.report import to_json
from netprobe.report.audit import to_json as audit_to_json

GOLDEN = Path(__file__).parents[1] / "report" / "golden"
AUDIT = (GOLDEN / "audit-one_fault.json").read_text(encoding="utf-8")
RUN = (GOLDEN / "every_verdict_run.json").read_text(encoding="utf-8")


def problems_of(text):
    with pytest.raises(InputError) as caught:
        read_reports(text, "a.json")
    return [str(problem) for problem in caught.value.problems]


def test_the_versions_are_those_that_are_written():
    assert VERSIONS == {"netprobe_audit": audit_to_json.VERSION, "netprobe_report": to_json.VERSION}


def test_an_audit_and_runs_are_read_as_they_were_written():
    (audit,) = read_reports(AUDIT, "a.json")
    assert isinstance(audit, MeasuredAudit)
    assert [each.name for each in audit.features if each.leaked] == ["ports", "named-ports", "end-port"]
    assert audit.suspects[0].name == "ports-ignored"
    (run,) = read_reports(RUN, "b.json")
    assert isinstance(run, MeasuredRun)
    assert [each.verdict for each in run.findings] == [
        "PASS", "FAIL", "INCONCLUSIVE", "FAIL", "SKIP", "UNDEFINED",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a.json: this file is empty"),
        ("[]", "a.json: this is no report of netprobe, which is a JSON object"),
        ("{}", "a.json: this is no report of netprobe: it has neither netprobe_audit nor netprobe_report"),
        ('{\n "a": 1,\n}', "a.json:3:1: this is not JSON"),
        ("hello", "a.json:1:1: this is not JSON"),
        ("[" * 100_000, "a.json: this is no report: it is nested too deeply"),
        ('{"netprobe_comparison": 1}', "a.json: this is a comparison; give the reports that it was made of"),
        ('{"netprobe_identification": 1}', "a.json: this is an identification; give what"),
        ('{"netprobe_audit": 2}', "a.json: netprobe_audit is version 2; this netprobe reads version 1"),
        ('{"netprobe_report": "1"}', "a.json: netprobe_report is version '1'; this netprobe reads version 1"),
        ('{"netprobe_report": 1, "runs": []}', "a.json: runs: this report holds no run"),
        ('{"netprobe_report": 1}', "a.json: runs: this report holds no run"),
    ],
)
def test_what_is_no_report_is_told(text, told):
    (problem,) = problems_of(text)
    assert problem.startswith(told)


@settings(max_examples=60)
@given(st.integers(1, len(AUDIT) - 3))
def test_a_report_that_was_written_by_half_is_no_report(length):
    (problem,) = problems_of(AUDIT[:length])
    assert problem.startswith("a.json")
    assert "the rest is missing" in problem or "this is not JSON" in problem


def changed(text, *path, to):
    document = json.loads(text)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    if to is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "path", "to", "told"),
    [
        (AUDIT, ("features", 3, "verdict"), "FINE", "features[3].verdict: input should be 'ENFORCED', "),
        (AUDIT, ("features", 0, "leaked"), "2", "features[0].leaked: input should be a valid integer"),
        (
            AUDIT,
            ("features", 0, "leaked"),
            -1,
            "features[0].leaked: input should be greater than or equal to",
        ),
        (AUDIT, ("cluster", "title"), None, "cluster.title: field required"),
        (AUDIT, ("suspects",), {}, "suspects: input should be a valid array"),
        (
            RUN,
            ("runs", 0, "steps", 1, "findings", 0, "kind"),
            "HOLE",
            "runs[0].steps[1].findings[0].kind: input",
        ),
        (RUN, ("runs", 0, "scenario"), None, "runs[0].scenario: field required"),
    ],
)
def test_what_is_wrong_in_a_report_is_told_with_its_place(text, path, to, told):
    (problem,) = problems_of(changed(text, *path, to=to))
    assert problem.startswith(f"a.json: {told}")


def test_keys_that_came_later_are_no_problem():
    assert read_reports(changed(AUDIT, "from_the_future", to=[1]), "a.json") == read_reports(AUDIT, "a.json")


def test_a_report_that_is_all_wrong_is_told_in_few_lines():
    document = json.loads(RUN)
    document["runs"][0]["steps"] = [{}] * 50
    assert len(problems_of(json.dumps(document))) == 10
