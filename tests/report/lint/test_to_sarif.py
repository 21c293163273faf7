"""SARIF 2.1.0: what the standard requires, and what code scanning makes use of."""

from __future__ import annotations

import json
import re

import pytest

from netprobe.lint.registry import RULES
from netprobe.model.lint import Fix, LintFinding, LintReport, Related, Severity
from netprobe.model.place import Place
from netprobe.report.lint.to_sarif import render

FIX = Fix(advice="write it so", yaml="policyTypes:\n- Egress")


def finding(severity=Severity.ERROR, line=7, file="a b.yaml", fix=FIX):
    return LintFinding(
        rule="no-dns",
        severity=severity,
        place=Place(file=file, line=line, column=3 if line else 0),
        object=("NetworkPolicy", "shop", "web"),
        path="spec.egress",
        message="no DNS",
        why="Because.",
        fix=fix,
        related=(Related(place=Place(file="other.yaml", line=2, column=1), message="here, too"),),
    )


def log(*findings):
    report = LintReport(findings=findings, rules=RULES, netprobe_version="1.2.3")
    return json.loads(render(report))


def test_the_log_has_all_that_the_standard_requires():
    found = log(finding())
    assert found["version"] == "2.1.0"
    assert found["$schema"].startswith("https://")
    (run,) = found["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("netprobe", "1.2.3")
    (result,) = run["results"]
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "no-dns"
    assert result["message"]["text"].startswith("NetworkPolicy shop/web: no DNS\n")
    assert "policyTypes:\n- Egress" in result["message"]["text"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "a%20b.yaml"}
    assert location["physicalLocation"]["region"] == {"startLine": 7, "startColumn": 3}
    (related,) = result["relatedLocations"]
    assert related["message"] == {"text": "here, too"}


def test_every_rule_explains_itself():
    ids = set()
    for rule in log()["runs"][0]["tool"]["driver"]["rules"]:
        ids.add(rule["id"])
        assert re.fullmatch(r"[A-Z][A-Za-z]+", rule["name"])
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"].startswith("**")
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    assert ids == {rule.id for rule in RULES}


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")],
)
def test_severities_are_levels(severity, level):
    (result,) = log(finding(severity))["runs"][0]["results"]
    assert result["level"] == level


def test_a_place_without_a_line_has_no_region():
    (result,) = log(finding(line=0, file="/etc/x.yaml", fix=None))["runs"][0]["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location == {"artifactLocation": {"uri": "file:///etc/x.yaml"}}
    assert "properties" not in result


def test_the_fingerprint_stays_when_lines_move_and_files_are_renamed():
    here, there = log(finding(line=7), finding(line=70, file="b.yaml"))["runs"][0]["results"]
    assert here["partialFingerprints"] == there["partialFingerprints"]
    assert all(here["partialFingerprints"].values())
