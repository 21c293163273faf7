"""The published schemas: what is written fits them, nothing is written that they do not know, no drift."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from netprobe.app.schemas import SCHEMAS, schema_text
from netprobe.model.decision import Decision
from netprobe.model.finding import Finding
from netprobe.model.observation import Attempt, Observation
from netprobe.model.run import RunResult, SentinelReading, StepResult
from netprobe.report import to_json
from netprobe.report.json_schema import Definitions
from tests.report.fitting import problems

DOCS = Path(__file__).parents[2] / "docs"
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_one_and_is_published(name):
    text = schema_text(name)
    Draft202012Validator.check_schema(json.loads(text))
    assert (DOCS / f"{name}.schema.json").read_text(encoding="utf-8") == text, (
        f"netprobe schema {name} > docs/"
    )


@pytest.mark.parametrize(
    ("name", "file"), [("run", "every_verdict_run.json"), ("check", "audit-one_fault.json")]
)
def test_golden_reports_fit(name, file):
    document = json.loads((GOLDEN / file).read_text(encoding="utf-8"))
    assert problems(name, document) == []


@pytest.mark.parametrize("fixture", ["enforcing_run", "leaking_run", "every_verdict_run", "interrupted_run"])
def test_runs_fit(fixture, request):
    assert problems("run", json.loads(to_json.render([request.getfixturevalue(fixture)]))) == []


def test_what_a_report_lacks_or_has_beside_is_found(every_verdict_run):
    document = json.loads(to_json.render([every_verdict_run]))
    del document["runs"][0]["steps"][0]["findings"][0]["flow"]["via"]
    document["runs"][0]["extra"] = 1
    document["runs"][0]["verdict"] = "GOOD"
    found = "\n".join(problems("run", document))
    assert "'via' is a required property" in found
    assert "'extra' was unexpected" in found
    assert "'GOOD' is not one of" in found


SECONDS = st.floats(0, 1e6)
ATTEMPTS = st.builds(Attempt, started=SECONDS, seconds=SECONDS, timeout=SECONDS)
OBSERVATIONS = st.builds(Observation, attempts=st.lists(ATTEMPTS, max_size=2).map(tuple))
DECISIONS = st.builds(Decision, dns=st.none() | st.builds(Decision, dns=st.none()))
FINDINGS = st.builds(
    Finding, decision=st.none() | DECISIONS, observation=st.none() | OBSERVATIONS, seconds=SECONDS
)
STEPS = st.builds(
    StepResult,
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    sentinels=st.lists(st.builds(SentinelReading, seconds=SECONDS), max_size=2).map(tuple),
    seconds=SECONDS,
)
RUNS = st.builds(
    RunResult,
    steps=st.lists(STEPS, max_size=2).map(tuple),
    seconds=SECONDS,
    figures=st.dictionaries(st.text(max_size=3), SECONDS, max_size=2),
    started=st.just("2026-01-02T03:04:05Z"),
)


@settings(max_examples=25)
@given(RUNS)
def test_whatever_the_model_can_hold_fits(run):
    """A new field or word that the writer or the schema does not know would show."""
    assert problems("run", json.loads(to_json.render([run]))) == []


def test_what_no_report_can_hold_is_refused():
    with pytest.raises(TypeError, match="cannot hold"):
        Definitions().of(set[int])
