"""Whatever the files hold, loading ends in a scenario or in problems with places."""

from __future__ import annotations

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.errors import InputError
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.intent import intent_for
from netprobe.scenario.library import find_scenario, library_roots
from netprobe.scenario.load import load_from_files, load_scenario

FILES = load_scenario(find_scenario("three-tier", library_roots())).files
BODY = {
    "netprobe": 1,
    "name": "fuzz",
    "workloads": ["app.yaml"],
    "grid": {"namespaces": {"x": {"a": "b"}}, "pods": ["p"], "ports": [80], "replicas": 2},
    "external": [{"name": "partner", "address": "192.0.2.1", "ports": [443]}],
    "via": ["ip", "name"],
    "steps": [
        {"name": "one", "apply": ["policies.yaml"], "intent": {"default": "deny", "allow": ["x/* -> dns"]}},
        {
            "name": "two",
            "delete": ["NetworkPolicy production/api-policy"],
            "replace": ["policies.yaml"],
            "label": [{"workload": "x/p", "labels": {"a": None}}],
            "scale": [{"workload": "production/api", "replicas": 0}],
            "restart": ["x/p"],
            "intent": {"allow": ["x/p -> x/p:80"], "deny": ["x/p[0] -> external:*"]},
        },
    ],
}
JUNK = st.sampled_from(
    (
        None,
        True,
        0,
        -1,
        1.5,
        "",
        "x",
        "policies.yaml",
        "../x",
        [],
        ["x", 1],
        {},
        {"x": 1},
        {"": None},
        "* -> *",
    )
)


def _paths(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, inner in inside for each in _paths(inner, (*path, key)))]


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(_paths(BODY)[1:]), JUNK | st.just("DROP")), min_size=1, max_size=3))
def test_no_mistake_is_a_crash(changes: list[tuple[tuple[object, ...], object]]) -> None:
    body = copy.deepcopy(BODY)
    for path, junk in changes:
        _change(body, path, copy.deepcopy(junk))
    assert _ends_well(json.dumps(body))


def _change(body: object, path: tuple[object, ...], junk: object) -> None:
    *way, last = path
    for part in way:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            return  # an earlier change took this part away
    there = body if isinstance(body, dict) else range(len(body)) if isinstance(body, list) else ()
    if last not in there:
        return
    if junk == "DROP":
        del body[last]
    else:
        body[last] = junk


def _ends_well(text: str) -> bool:
    """Whether the text loads, and then every flow has an answer, or is refused with problems and places."""
    try:
        scenario = load_from_files({**FILES, "scenario.yaml": text})
    except InputError as error:
        return bool(error.problems) and all(problem.place.file for problem in error.problems)
    for step in scenario.steps:
        for flow in flows_of_step(scenario, step):
            intent_for(scenario, step, flow)
    return bool(scenario.workloads)


def test_the_example_that_is_changed_loads() -> None:
    assert len(load_from_files({**FILES, "scenario.yaml": json.dumps(BODY)}).steps) == 2
