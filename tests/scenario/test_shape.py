"""Mistakes in scenario.yaml itself: plain words, at the exact place."""

from __future__ import annotations

import pytest

from netprobe.model.scenario import Feature


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("steps: []", "scenario.yaml:4:8: steps: must not be empty"),
        ("", "scenario.yaml:1:1: steps is missing"),
        ("step: []\nsteps: [{name: a}]", 'scenario.yaml:4:1: unknown key "step"; did you mean "steps"?'),
        (
            "zzz: 1\nsteps: [{name: a}]",
            'scenario.yaml:4:1: unknown key "zzz"; known are netprobe, name, title, description, features',
        ),
        (
            "steps:\n- name: a\n  aply: [x]",
            'scenario.yaml:6:3: unknown key "aply" in steps[0]; did you mean "apply"?',
        ),
        (
            "steps:\n- name: a\n  intent: {alow: [x]}",
            'scenario.yaml:6:12: unknown key "alow" in steps[0].intent; did you mean "allow"?',
        ),
        ("steps: [{}]", "scenario.yaml:4:9: steps[0].name is missing"),
        ("steps: [5]", "scenario.yaml:4:9: steps[0]: must be a mapping (key: value), not the number 5"),
        (
            "steps: [{name: yes}]",
            "scenario.yaml:4:16: steps[0].name: must be a string, not the boolean true; put it in quotes",
        ),
        (
            "steps: [{name: a, apply: deny.yaml}]",
            "scenario.yaml:4:26: steps[0].apply: must be a list, not the string",
        ),
        ("features: [ingres]\nsteps: [{name: a}]", 'did you mean "ingress"?'),
        (
            "features: [1]\nsteps: [{name: a}]",
            "scenario.yaml:4:12: features[0]: the number 1 is not one of its words",
        ),
        ("requires: [two-node]\nsteps: [{name: a}]", 'did you mean "two-nodes"?'),
        (
            "via: [nam]\nsteps: [{name: a}]",
            'scenario.yaml:4:7: via[0]: "nam" is not one of its words; did you mean "name"?',
        ),
        ("via: []\nsteps: [{name: a}]", "scenario.yaml:4:6: via: must not be empty"),
        ("steps: [{name: a, intent: {default: block}}]", "known are allow, deny, policy"),
        ("steps: [{name: a, scale: [{workload: shop/web, replicas: -1}]}]", "must be at least 0, not -1"),
        (
            "external: [{name: a, address: 1.2.3.4, ports: [70000]}]\nsteps: [{name: a}]",
            "must be at most 65535, not 70000",
        ),
        (
            "external: [{name: A, address: 1.2.3.4, ports: [7]}]\nsteps: [{name: a}]",
            "scenario.yaml:4:19: external[0].name:",
        ),
        ("title:\nsteps: [{name: a}]", "title: must be a string, not null"),
        (
            "grid: {namespaces: [x], pods: 0}\nsteps: [{name: a}]",
            "scenario.yaml:4:31: grid.pods: must be a mapping",
        ),
        (
            "grid: {namespaces: [X], pods: 1}\nsteps: [{name: a}]",
            'scenario.yaml:4:8: grid.namespaces.X: "X" must be lowercase',
        ),
        (
            "grid: {namespaces: {x: {ns: z}}, pods: 1}\nsteps: [{name: a}]",
            'grid.namespaces: the grid itself labels x with "ns: x"; use another key',
        ),
        (
            "grid: {namespaces: [x], pods: {a: {b: 1}}}\nsteps: [{name: a}]",
            "scenario.yaml:4:39: grid.pods.a.b: must be a string",
        ),
    ],
)
def test_one_mistake(problems, text: str, problem: str) -> None:
    (found,) = problems(text + "\n")
    assert problem in found


def test_every_feature_is_a_word(load) -> None:
    words = ", ".join(Feature)
    assert load(f"features: [{words}]\nsteps: [{{name: a}}]\n").features == frozenset(Feature)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: a\n", "scenario.yaml:1:1: netprobe is missing; write netprobe: 1 at the top"),
        ("netprobe: 2\n", "scenario.yaml:1:11: netprobe: must be 1, not the number 2"),
        ("netprobe: true\n", "scenario.yaml:1:11: netprobe: must be 1, not the boolean true"),
        ('netprobe: "1"\n', 'scenario.yaml:1:11: netprobe: must be 1, not the string "1"'),
        ("netprobe: 1\nname: A_b\n", 'scenario.yaml:2:7: name: "A_b" must be lowercase'),
        ("", "scenario.yaml: this file is empty"),
        ("- a\n", "scenario.yaml:1:1: this document is a list"),
        ("netprobe: 1\n---\nnetprobe: 1\n", "scenario.yaml:3:1: scenario.yaml holds one document"),
        ("a: [b\n", "scenario.yaml:1:4: this '[' list is not closed"),
        ("a: 1\na: 2\n", 'scenario.yaml:2:1: the key "a" is here twice'),
        (
            "a:\n- * -> shop/web\n",
            'scenario.yaml:2:4: a line that begins with * must stand in quotes; write - "* -> shop/web"',
        ),
        ("a:\n  - {a,b}/c -> d/e\n", 'must stand in quotes; write - "{a,b}/c -> d/e"'),
    ],
)
def test_the_head_of_the_file(refused, text: str, problem: str) -> None:
    assert any(problem in found for found in refused({"scenario.yaml": text}))


def test_mistakes_everywhere_are_told_together(problems) -> None:
    found = problems(
        """\
        feature: [ingress]
        via: [ip, nam]
        external:
        - {name: partner, address: partner.example, ports: [443]}
        steps:
        - apply: [dny.yaml]
          intent:
            allow: [shop -> dns]
        - name: two
          apply: [bad.yaml]
          delete: [NetworkPolicy shop/gone]
        """,
        bad_yaml=(
            "kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\n"
            "metadata: {name: x, namespace: shop}\nspec: {podSelectr: {}}\n"
        ),
    )
    assert [line.split(": ")[0] for line in found] == [
        "bad.yaml:4:8",
        "scenario.yaml:4:1",
        "scenario.yaml:5:11",
        "scenario.yaml:7:28",
        "scenario.yaml:9:3",
        "scenario.yaml:9:11",
        "scenario.yaml:11:13",
        "scenario.yaml:14:12",
    ]
