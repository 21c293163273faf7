"""SARIF of runs: what the standard requires, places of policies, stable fingerprints."""

from __future__ import annotations

import json
from dataclasses import replace

from netprobe.model.decision import Answer, Decision, DirectionDecision, PolicyRef
from netprobe.model.finding import Verdict
from netprobe.model.place import Place
from netprobe.model.policy import Direction
from netprobe.report.to_sarif import render


def log(*runs):
    document = json.loads(render(runs))
    assert document["version"] == "2.1.0"
    assert document["$schema"].startswith("https://")
    (run,) = document["runs"]
    return run


def test_the_log_is_the_golden_one(every_verdict_run, golden):
    golden("every_verdict_run.sarif", render([every_verdict_run]))


def test_each_failure_is_a_result_of_its_rule(every_verdict_run, leaking_run):
    run = log(every_verdict_run, leaking_run)
    rules = run["tool"]["driver"]["rules"]
    wrong = [f for r in (every_verdict_run, leaking_run) for f in r.findings if f.verdict is Verdict.FAIL]
    assert [result["properties"]["finding"] for result in run["results"]] == [f.id for f in wrong]
    for result, finding in zip(run["results"], wrong, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.kind.value
        assert result["level"] == "error"
        assert result["message"]["text"].startswith(finding.explanation)
        assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": finding.id}]
    prints = [result["partialFingerprints"]["netprobeFinding/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    assert [result["partialFingerprints"] for result in log(leaking_run)["results"]] == [
        result["partialFingerprints"] for result in log(replace(leaking_run, run_id="another"))["results"]
    ]


def test_a_failure_stands_where_its_policy_was_written(leaking_run):
    place = Place(file="scenarios/three tier/policies.yaml", line=32, column=1)
    ref = PolicyRef(namespace="production", policy="api-policy", place=place)
    end = DirectionDecision(direction=Direction.INGRESS, answer=Answer.DENY, isolating=(ref,))
    leak = next(f for f in leaking_run.findings if f.verdict is Verdict.FAIL)
    leak = replace(leak, decision=Decision(answer=Answer.DENY, ingress=end))
    step = replace(leaking_run.steps[0], findings=(leak,))
    (result,) = log(replace(leaking_run, steps=(step,)))["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "scenarios/three%20tier/policies.yaml"},
        "region": {"startLine": 32, "startColumn": 1},
    }
    (intent,) = result["relatedLocations"]
    assert intent["physicalLocation"]["artifactLocation"]["uri"] == "scenario.yaml"
    assert intent["message"]["text"] == "intent: default: deny"


def test_a_failure_that_rests_on_no_line_stands_at_the_scenario(every_verdict_run):
    (blocked, mistake) = log(every_verdict_run)["results"]
    assert blocked["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "scenario.yaml"}}
    assert mistake["locations"][0]["physicalLocation"]["region"] == {"startLine": 9}
    bare = [replace(f, intent=None) for f in every_verdict_run.findings if f.verdict is Verdict.FAIL]
    step = replace(every_verdict_run.steps[0], findings=tuple(bare))
    for result in log(replace(every_verdict_run, steps=(step,)))["results"]:
        assert list(result["locations"][0]) == ["logicalLocations"]


def test_what_gave_no_answer_is_a_notification(every_verdict_run, interrupted_run):
    first, second = log(every_verdict_run, interrupted_run)["invocations"]
    assert first["executionSuccessful"] is True
    assert first["exitCode"] == 1
    assert [n["level"] for n in first["toolExecutionNotifications"]] == ["warning"]
    assert second["executionSuccessful"] is False
    assert "Ctrl-C" in second["toolExecutionNotifications"][-1]["message"]["text"]


def test_without_runs_there_is_a_log():
    assert log()["results"] == []
