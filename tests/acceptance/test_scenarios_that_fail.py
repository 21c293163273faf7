"""Mistakes that people make, judged on a network that enforces: the policy is blamed, and only for that."""

from __future__ import annotations

import secrets
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from netprobe.campaign.campaign import run_campaign
from netprobe.campaign.job import Job
from netprobe.cluster.providers.lab import LabProvider
from netprobe.model.finding import Party, Verdict
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Nobody
from netprobe.scenario.load import load_scenario

pytestmark = [pytest.mark.lab, pytest.mark.slow]

FOLDERS = sorted(
    path.parent for path in Path(__file__).parents[1].glob("scenarios_that_fail/*/scenario.yaml")
)


def mistakes(folder):
    """All of them on one lab, at the same time: about 9 s."""
    jobs = [
        Job(
            scenario=load_scenario(each),
            journal=folder / f"{each.name}.jsonl",
            options=RunOptions(run_id=secrets.token_hex(3), settle=6.0),
        )
        for each in FOLDERS
    ]
    with closing(LabProvider().open("")) as cluster:
        outcomes = run_campaign(jobs, cluster, Nobody())
        return {outcome.result.scenario: outcome.result for outcome in outcomes}


STORIES = {"mistakes": mistakes}


@pytest.fixture
def results(told):
    return told("mistakes")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_exactly_the_expected_findings(folder, results):
    result = results[folder.name]
    found = {
        f.id: {"verdict": f.verdict.value, "kind": f.kind.value if f.kind else None}
        for f in result.findings
        if f.verdict is not Verdict.PASS
    }
    expected = yaml.safe_load((folder / "expected.yaml").read_text())
    assert found == {each.pop("id"): each for each in expected}
    assert not result.headlines


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_network_is_not_blamed(folder, results):
    findings = results[folder.name].findings
    assert {f.network.verdict for f in findings} == {Verdict.PASS}
    assert {f.party for f in findings} == {None, Party.POLICY}
