"""The JSON report: golden document, determinism, completeness."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from netprobe.model.finding import Finding
from netprobe.report.to_json import VERSION, plain, render


def test_the_document_is_the_golden_one(every_verdict_run, golden):
    golden("every_verdict_run.json", render([every_verdict_run]))


def test_it_is_versioned_and_deterministic(every_verdict_run, leaking_run):
    runs = [every_verdict_run, leaking_run]
    document = json.loads(render(runs))
    assert document["netprobe_report"] == VERSION == 1
    assert [run["scenario"] for run in document["runs"]] == ["three-tier", "three-tier"]
    assert render(runs) == render(runs)


def test_every_field_of_a_finding_is_there(every_verdict_run):
    document = json.loads(render([every_verdict_run]))
    for finding in document["runs"][0]["steps"][0]["findings"]:
        assert set(finding) == {field.name for field in fields(Finding)}
        assert set(finding["flow"]) >= {"source", "destination", "port", "protocol", "via", "service"}


def test_counts_and_exit_code_are_given(leaking_run, interrupted_run):
    run = json.loads(render([leaking_run]))["runs"][0]
    assert run["counts"] == {"flows": 20, "PASS": 11, "FAIL": 9, "LEAK": 9}
    assert run["exit_code"] == 1
    assert run["headlines"] == ["NetworkPolicy is not enforced on node1, node2"]
    assert json.loads(render([interrupted_run]))["runs"][0]["interrupted"].startswith("The run was stopped")


def test_ends_of_flows_say_what_they_are(every_verdict_run):
    kinds = {plain(f.flow.destination)["kind"] for f in every_verdict_run.findings}
    assert kinds == {"pod", "dns", "external"}


def test_nothing_strange_is_swallowed():
    with pytest.raises(TypeError, match="a report cannot hold object"):
        plain(object())


def test_all_nested_values_survive(every_verdict_run):
    finding = every_verdict_run.findings[1]
    assert set(leaves(finding.observation)) <= set(leaves(plain(finding.observation)))


def leaves(value: object) -> Iterator[object]:
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    else:
        yield value
