"""The audit on real packets: a network that enforces, and one with a fault."""

from __future__ import annotations

import json

import pytest

from netprobe.cli.main import execute
from netprobe.model.audit import Enforcement
from netprobe.report.audit.to_json import render

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def reports(audits):
    return {profile: future.result(timeout=80).report for profile, future in audits.items()}


def test_a_network_that_enforces_is_silent(reports):
    report = reports["enforcing"]
    assert report.audit.verdict is Enforcement.ENFORCED
    assert report.audit.deviations == 0
    assert {feature.verdict for feature in report.audit.features} == {Enforcement.ENFORCED}
    assert [node.verdict for node in report.audit.nodes] == [Enforcement.ENFORCED] * 2
    assert report.exit_code == 0


def test_a_fault_is_found_and_named(reports):
    report = reports["ports-ignored"]
    assert report.audit.verdict is Enforcement.PARTIALLY_ENFORCED
    assert [suspect.name for suspect in report.audit.suspects] == ["ports-ignored"]
    verdicts = {feature.name: feature.verdict for feature in report.audit.features}
    assert verdicts["ports"] is not Enforcement.ENFORCED
    assert verdicts["ingress-deny"] is Enforcement.ENFORCED
    assert report.exit_code == 1


def test_two_networks_are_compared(reports, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for profile, report in reports.items():
        (tmp_path / f"{profile}.json").write_text(render(report), encoding="utf-8")
    assert execute(["compare", *(f"{profile}.json" for profile in reports), "-o", "json=c.json"]) == 0
    assert capsys.readouterr().out.startswith("DIFFERENT: 2 clusters differ in ")
    document = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in document["rows"]}
    assert rows["ports"]["differs"]
    assert "most likely lab:ports-ignored lets rules admit every port" in rows["ports"]["sentence"]
    assert not rows["ingress-deny"]["differs"]
    for column in document["columns"]:
        assert 0 < column["enforced"]["median"] <= column["enforced"]["longest"] < 6
        assert column["opened"]["count"] >= 2
        assert column["environment"]["kernel"]
        assert column["title"].startswith("lab (")
