"""The JUnit report: golden document, mapping of verdicts, characters XML cannot hold."""

from __future__ import annotations

from dataclasses import replace

from junitparser import Error, Failure, JUnitXml, Skipped, TestSuite

from netprobe.model.finding import Verdict
from netprobe.report.to_junit import render


def suites_of(text):
    return list(JUnitXml.fromstring(text.encode()))


def test_the_document_is_the_golden_one(every_verdict_run, golden):
    golden("every_verdict_run.xml", render([every_verdict_run]))


def test_each_verdict_has_its_outcome(every_verdict_run):
    (suite,) = suites_of(render([every_verdict_run]))
    expected = {
        Verdict.PASS: [],
        Verdict.FAIL: [Failure],
        Verdict.INCONCLUSIVE: [Error],
        Verdict.SKIP: [Skipped],
        Verdict.UNDEFINED: [Skipped],
    }
    for case, finding in zip(suite, every_verdict_run.findings, strict=True):
        assert [type(outcome) for outcome in case.result] == expected[finding.verdict]
        assert case.name == finding.flow.key
        assert case.classname in ("three-tier.one", "three-tier.two")
        for outcome in case.result:
            assert outcome.message == finding.explanation
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (6, 2, 1, 2)


def test_the_type_of_a_failure_is_its_kind(every_verdict_run):
    (suite,) = suites_of(render([every_verdict_run]))
    types = [outcome.type for case in suite for outcome in case.result if isinstance(outcome, Failure)]
    assert types == ["BLOCKED", "POLICY_MISTAKE"]


def test_an_interrupted_run_has_an_error_of_its_own(interrupted_run):
    (suite,) = suites_of(render([interrupted_run]))
    last = list(suite)[-1]
    assert last.name == "the run ended early"
    assert isinstance(last.result[0], Error)
    assert "Ctrl-C" in last.result[0].message


def test_properties_say_what_was_measured(leaking_run):
    (suite,) = suites_of(render([leaking_run]))
    properties = {p.name: p.value for p in suite.properties()}
    assert properties["cluster.title"] == "lab, emulating Flannel"
    assert properties["cluster.version"] == "v1.36.2"
    assert properties["netprobe.version"] == "0.1.0"
    assert properties["netprobe.headline"] == "NetworkPolicy is not enforced on node1, node2"


def test_one_suite_for_each_run(leaking_run, enforcing_run):
    assert len(suites_of(render([leaking_run, enforcing_run]))) == 2


def test_characters_that_xml_cannot_hold_are_replaced(leaking_run):
    step = leaking_run.steps[0]
    finding = replace(step.findings[1], explanation="bell \x07 and <tag> & \ud800 end")
    run = replace(leaking_run, steps=(replace(step, findings=(finding,)),))
    (suite,) = suites_of(render([run]))
    (case,) = suite
    assert case.result[0].message == "bell \ufffd and <tag> & \ufffd end"


def test_the_cases_of_a_suite_are_counted_once_and_not_after_each(grid_run, monkeypatch):
    counted = []
    original = TestSuite.update_statistics
    monkeypatch.setattr(
        TestSuite, "update_statistics", lambda suite: counted.append(suite) or original(suite)
    )
    assert render([grid_run(20)]).count("<testcase ") == 380
    assert len(counted) < 10
