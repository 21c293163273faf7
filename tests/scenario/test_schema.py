"""The JSON Schema for editors, and the reference page of the format."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from netprobe.model.scenario import Default, Feature, Requires
from netprobe.scenario import schema
from netprobe.scenario.library import built_in, library_roots
from netprobe.scenario.schema import json_schema

PAGE = Path(__file__).parents[2] / "docs" / "scenario-format.md"


def test_the_schema_names_every_key_and_word() -> None:
    given = json_schema()
    assert given["additionalProperties"] is False
    assert set(given["required"]) == {"netprobe", "name", "steps"}
    assert given["properties"]["netprobe"]["const"] == 1
    assert given["$defs"]["Feature"]["enum"] == list(Feature)
    shapes = [kind["type"] for kind in given["$defs"]["Grid"]["properties"]["pods"]["anyOf"]]
    assert shapes == ["integer", "array", "object"]


def test_the_page_speaks_of_every_key_and_word() -> None:
    page = PAGE.read_text(encoding="utf-8")
    shapes = (schema.ScenarioFile, schema.Grid, schema.External, schema.Bystander, schema.Step, schema.Intent)
    keys = {key for shape in shapes for key in shape.model_fields}
    missing = [key for key in keys if f"{key}:" not in page and f"`{key}`" not in page and key not in page]
    assert missing == []
    for word in (*Feature, *Requires, *Default):
        assert word in page


@pytest.mark.parametrize(
    ("pods", "names"),
    [("3", ["p1", "p2", "p3"]), ("[a, b]", ["a", "b"]), ("{a: , b: {role: x}}", ["a", "b"])],
)
def test_pods_of_a_grid_may_be_counted_listed_or_labelled(load, pods: str, names: list[str]) -> None:
    scenario = load(f"grid: {{namespaces: [x], pods: {pods}}}\nsteps: [{{name: a}}]\n")
    assert [workload.name for workload in scenario.workloads if workload.namespace == "x"] == names


LIBRARY = built_in(library_roots())
VALIDATOR = Draft202012Validator(json_schema())


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("folder", LIBRARY, ids=[folder.name for folder in LIBRARY])
def test_every_scenario_of_the_library_validates_against_the_schema(folder: Path) -> None:
    document = yaml.safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    assert list(VALIDATOR.iter_errors(document)) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("netprobe", 2),
        ("name", "Upper"),
        ("feature", ["dns"]),
        ("features", ["dsn"]),
        ("requires", ["luck"]),
        ("via", ["pigeon"]),
        ("steps", []),
        ("steps", [{"name": "a", "aply": ["x.yaml"]}]),
        ("steps", [{"name": "a", "scale": [{"workload": "x/a", "replicas": 101}]}]),
        ("grid", {"namespaces": ["x"], "pods": ["a"], "ports": [70000]}),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(key: str, value: object) -> None:
    document = {
        "netprobe": 1,
        "name": "ok",
        "grid": {"namespaces": ["x"], "pods": 2},
        "steps": [{"name": "a"}],
    }
    assert VALIDATOR.is_valid(document)
    assert not VALIDATOR.is_valid(document | {key: value})


def test_every_key_has_a_description_for_editors() -> None:
    given = json_schema()
    shapes = {"ScenarioFile": given, **given["$defs"]}
    missing = [
        f"{shape}.{key}"
        for shape, body in shapes.items()
        for key, each in body.get("properties", {}).items()
        if not each.get("description")
    ]
    assert missing == []
    assert len(given["$defs"]["Feature"]["enumDescriptions"]) == len(Feature)
