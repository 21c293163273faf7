"""Lines that name nobody, match nothing or contradict each other."""

from __future__ import annotations

import pytest

PARTNER = "external: [{name: partner, address: 192.0.2.1, ports: [443]}]"


@pytest.mark.parametrize(
    ("head", "line", "problem"),
    [
        ("", "shp/web -> shop/db", '8:7: the scenario declares no namespace "shp"; did you mean "shop"?'),
        ("", "shop/web -> shop/bd", '8:19: there is no workload "shop/bd"; did you mean "shop/db"?'),
        ("", "shop/{web,wob} -> shop/db", '8:7: there is no workload "shop/wob"; did you mean "shop/web"?'),
        ("", "ops/web -> shop/db", '8:7: there is no workload "ops/web"; did you mean "shop/web"?'),
        ("", "'*/nobody -> shop/db'", '8:8: there is no workload "*/nobody"'),
        ("", "shop/web[2] -> shop/db", "8:7: shop/web has no pod [2]; it has 2, counted from [0]"),
        (
            "",
            "shop/web -> shop/db:9999",
            "8:19: this line matches no flow: shop/db declares no port 9999; it declares 5432/tcp, 5432/udp",
        ),
        (
            "",
            "shop/db -> shop/web:8080/udp",
            "8:18: this line matches no flow: shop/web declares no port 8080/udp; it declares 8080/tcp",
        ),
        (
            "",
            "shop/web -> ops/probe",
            "8:19: this line matches no flow: ops/probe declares no port; it declares no port at all",
        ),
        ("", "shop/db -> shop/db", "8:18: this line matches no flow: a pod is never a destination of itself"),
        (
            "",
            "shop/db -> shop/web via name",
            '8:18: this line matches no flow: "name" is not among the ways of via:; add it as via: [ip',
        ),
        (
            "via: [ip, name]",
            "shop/web -> shop/db via name",
            "9:19: this line matches no flow: no Service leads there",
        ),
        ("via: [name]", "shop/web -> shop/db", "9:19: this line matches no flow: no Service leads there"),
        (
            "via: [ip, name]",
            "shop/web -> dns via name",
            "9:19: this line matches no flow: dns is reached by address only; leave out via",
        ),
        ("", "shop/web -> external:partner", '8:19: no external host "partner" is declared'),
        (PARTNER, "shop/web -> external:prtner", 'did you mean "partner"?'),
        (PARTNER, "shop/web -> external:partner:80", "has no such port; it has 443/tcp"),
        ("", "shop/web => shop/db", "8:7: an intent line has exactly one arrow"),
        ("", '"shop/web -> shop/db:x"', "8:28: 'x' is not a port"),
    ],
)
def test_one_mistake(problems, head: str, line: str, problem: str) -> None:
    text = (head + "\n" if head else "") + f"steps:\n- name: one\n  intent:\n    allow:\n    - {line}\n"
    (found,) = problems(text)
    assert problem in found


def test_lines_that_contradict_each_other_are_told_once_per_pair(problems) -> None:
    (found,) = problems(
        """\
        steps:
        - name: one
          intent:
            allow:
            - shop/web -> shop/*
            deny:
            - "*/* -> shop/db:5432"
        """
    )
    assert found.startswith(
        "scenario.yaml:10:8: this line and an equally specific one disagree about shop/web[0]->"
    )
    assert found.endswith('; the other is "allow: shop/web -> shop/*" at scenario.yaml:8:7')


def test_the_same_line_on_both_sides(problems) -> None:
    text = "steps: [{name: a, intent: {allow: [shop/web -> shop/db], deny: [shop/web -> shop/db]}}]\n"
    (found,) = problems(text)
    assert found.startswith("scenario.yaml:4:65: this line and an equally specific one disagree")


def test_a_workload_that_a_step_scaled_away(problems) -> None:
    (found,) = problems(
        """\
        steps:
        - name: one
          scale: [{workload: shop/db, replicas: 0}]
          intent: {allow: [shop/web -> shop/db]}
        """
    )
    assert found == "scenario.yaml:7:32: shop/db has no pod in this step: it is scaled to 0"


def test_lines_are_checked_against_their_own_step(load) -> None:
    scenario = load(
        """\
        steps:
        - name: one
        - name: two
          scale: [{workload: shop/web, replicas: 4}]
          intent: {allow: ["shop/web[3] -> shop/db"]}
        """
    )
    assert scenario.steps[1].intent.lines[0].sources[0].index == 3
