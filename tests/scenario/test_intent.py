"""Which line decides about a flow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.model.finding import Expectation
from netprobe.model.flow import Flow
from netprobe.model.scenario import Scenario
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.intent import intent_for, strongest_lines


def _flow(scenario: Scenario, key: str, step: int = 0) -> Flow:
    return next(flow for flow in flows_of_step(scenario, scenario.steps[step]) if flow.key == key)


def _said(scenario: Scenario, key: str) -> str | None:
    found = intent_for(scenario, scenario.steps[0], _flow(scenario, key))
    return found and f"{found.expectation.value}: {found.text}"


WEB_TO_DB = "shop/web[0]->shop/db[0]:5432/tcp/ip"


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("{default: deny}", "deny: default: deny"),
        ("{default: allow}", "allow: default: allow"),
        ("{default: policy}", None),
        ("{}", None),
        ("{default: deny, allow: [shop/web -> shop/db]}", "allow: shop/web -> shop/db"),
        ('{allow: ["* -> *"], deny: [shop/web -> shop/db]}', "deny: shop/web -> shop/db"),
        ('{deny: ["* -> *"], allow: ["* -> shop/db:5432"]}', "allow: * -> shop/db:5432"),
        ('{deny: ["* -> shop/db:5432"], allow: ["* -> shop/db:5432/tcp"]}', "allow: * -> shop/db:5432/tcp"),
        (
            '{allow: ["shop/web -> shop/db"], deny: ["shop/web[0] -> shop/db"]}',
            "deny: shop/web[0] -> shop/db",
        ),
        (
            '{allow: ["shop/web -> shop/db"], deny: ["shop/web -> shop/db via ip"]}',
            "deny: shop/web -> shop/db via ip",
        ),
    ],
)
def test_the_more_specific_line_wins(load, intent: str, said: str | None) -> None:
    assert _said(load(f"steps: [{{name: one, intent: {intent}}}]"), WEB_TO_DB) == said


def test_a_third_line_settles_a_contradiction(load) -> None:
    scenario = load(
        """\
        steps:
        - name: one
          intent:
            allow: [shop/web -> shop/*, shop/web -> shop/db]
            deny: ["* -> shop/db"]
        """
    )
    assert _said(scenario, WEB_TO_DB) == "allow: shop/web -> shop/db"


def test_the_default_has_no_say_about_dns(load) -> None:
    scenario = load("steps: [{name: one, intent: {default: deny, allow: [ops/* -> dns]}}]")
    flow = _flow(scenario, "ops/probe[0]->dns:53/tcp/ip")
    assert intent_for(scenario, scenario.steps[0], flow).expectation is Expectation.ALLOW
    other = replace(flow, source=_flow(scenario, WEB_TO_DB).source)
    assert intent_for(scenario, scenario.steps[0], other) is None


def test_a_star_does_not_name_dns(load) -> None:
    scenario = load('steps: [{name: one, intent: {allow: [ops/* -> dns], deny: ["* -> *"]}}]')
    flow = _flow(scenario, "ops/probe[0]->dns:53/udp/ip")
    assert [line.text for line in strongest_lines(scenario.steps[0], flow)] == ["ops/* -> dns"]


def test_the_place_of_the_line_is_told(load) -> None:
    scenario = load("steps:\n- name: one\n  intent:\n    allow:\n    - 'shop/web -> shop/db'\n")
    found = intent_for(scenario, scenario.steps[0], _flow(scenario, WEB_TO_DB))
    assert str(found.place) == "scenario.yaml:8:8"
