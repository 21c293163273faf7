"""``netprobe scenarios``: list, show, validate, schema, features."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.cli.main import execute
from netprobe.model.scenario import FEATURES, REQUIREMENTS, Feature, Requires
from netprobe.scenario.library import built_in, library_roots

NAMES = [folder.name for folder in built_in(library_roots())]


@pytest.fixture
def said(desk, capsys):
    """Run a command that must succeed; gives its standard output."""

    def said(*arguments):
        assert execute(["scenarios", *arguments]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return said


@pytest.mark.parametrize("columns", ["80", "120"])
def test_list_names_every_scenario_within_the_page(said, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    lines = said("list").splitlines()
    assert [line.split()[0] for line in lines[1:] if not line.startswith(" ")] == NAMES
    assert max(map(len, lines)) <= int(columns)
    assert not any(line.endswith(" ") for line in lines)


def test_list_as_json(said):
    found = json.loads(said("list", "-o", "json"))["scenarios"]
    assert [each["name"] for each in found] == NAMES
    three_tier = next(each for each in found if each["name"] == "three-tier")
    assert {"ingress", "egress", "dns"} <= set(three_tier["features"])
    assert three_tier["steps"][0]["name"] == "the published policies"
    assert all(step["flows"] > 0 for step in three_tier["steps"])


def test_show_tells_what_is_in_a_scenario(said):
    text = said("show", "three-tier")
    assert text.startswith("three-tier: ")
    assert "production/database:5432/tcp" in text
    assert "step 1: the published policies (50 flows)" in text
    assert "allow production/frontend -> production/api:8080" in text
    assert "  policies.yaml\n" in text


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_can_be_shown_on_a_narrow_page(said, name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert said("show", name).startswith(name)


def test_show_of_all_kinds_of_actions(scenario, said):
    folder = Path(scenario("acts", more=""))
    text = (
        (folder / "scenario.yaml")
        .read_text()
        .replace(
            "steps: [",
            "steps: [{name: acts, label: [{workload: x/a, labels: {k: v, old: null}}], "
            "scale: [{workload: x/a, replicas: 3}], restart: [x/b]}, ",
        )
    )
    (folder / "scenario.yaml").write_text(text)
    shown = said("show", "./acts")
    for line in ("label x/a: k=v, old-", "scale x/a to 3", "restart x/b", "apply x/deny-all", "default deny"):
        assert line in shown


def test_show_of_an_unknown_name(desk, capsys):
    assert execute(["scenarios", "show", "three-tire"]) == 2
    assert 'did you mean "three-tier"?' in capsys.readouterr().err


def test_validate_counts_what_is_valid(scenario, said):
    one = scenario("one")
    assert said("validate", one) == "1 scenario is valid\n"
    scenario("two")
    assert said("validate", ".", one, "three-tier") == "3 scenarios are valid\n"


def test_validate_tells_every_problem_of_every_path(scenario, desk, capsys):
    scenario("good")
    for name in ("bad", "worse"):
        folder = Path(scenario(name))
        file = folder / "scenario.yaml"
        file.write_text(file.read_text().replace("apply: [deny.yaml]", "apply: [denny.yaml]"))
    (desk / "empty").mkdir()
    assert execute(["scenarios", "validate", ".", "empty", "nowhere"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert lines[0] == "netprobe: 4 problems"
    for name in ("bad", "worse"):
        assert any(line.startswith(f"  {name}/scenario.yaml:4:") and "deny.yaml" in line for line in lines)
    assert any(line.startswith("  empty: ") for line in lines)
    assert any(line.startswith("  nowhere: there is no scenario") for line in lines)


def test_schema_is_what_is_committed(said):
    committed = Path(__file__).parents[2] / "docs" / "scenario.schema.json"
    assert said("schema") == committed.read_text(encoding="utf-8"), (
        "netprobe scenarios schema > docs/scenario.schema.json"
    )


def test_features_tells_of_every_word_and_who_has_it(said):
    text = said("features")
    starts = [line.split()[0] for line in text.splitlines()[1:] if not line.startswith(" ")]
    assert starts == list(Feature)
    after = text[text.index("\nlabel-change") :].partition("\npod-restart")[0]
    assert "policy-lifecycle" in after
    assert "deny-all-ingress" not in after


def test_every_word_has_its_sentence():
    assert list(FEATURES) == list(Feature)
    assert list(REQUIREMENTS) == list(Requires)


def test_a_wrong_word_is_told_with_the_nearest(capsys):
    assert execute(["scenarios", "lst"]) == 2
    assert (
        'there is no command "lst"; did you mean "list"?\n→ see netprobe scenarios' in capsys.readouterr().err
    )
