"""Every scenario of the library: passes where policies are enforced, is found out where they are not."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from netprobe.cluster.providers.simulated import SimulatedProvider
from netprobe.model.finding import Expectation, Kind, Verdict
from netprobe.model.scenario import Default, Feature
from netprobe.record.journal import JournalWriter
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Nobody
from netprobe.runner.run import run_scenario
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.intent import intent_for
from netprobe.scenario.library import built_in, library_roots
from netprobe.scenario.load import load_scenario

FOLDERS = built_in(library_roots())
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def scenario(request):
    return load_scenario(request.param)


@pytest.fixture
def rehearse(tmp_path):
    """Run a scenario on a simulated cluster, which takes no time."""

    def run(scenario, network):
        cluster = SimulatedProvider().open(network)
        with JournalWriter(tmp_path / f"{secrets.token_hex(3)}.jsonl") as journal:
            options = RunOptions(run_id=secrets.token_hex(3), settle=6.0, clock=cluster.clock)
            return run_scenario(scenario, cluster, journal, options, Nobody())

    return run


def test_it_passes_where_policies_are_enforced(scenario, rehearse):
    result = rehearse(scenario, "")
    assert {f.verdict for f in result.findings} == {Verdict.PASS}
    assert not result.headlines


def test_it_finds_out_a_network_that_enforces_nothing(scenario, rehearse):
    """Each flow that is to be closed is a LEAK, in every step, and nothing else is wrong."""
    result = rehearse(scenario, "none")
    assert result.headlines
    for step, judged in zip(scenario.steps, result.steps, strict=True):
        intents = {flow.key: intent_for(scenario, step, flow) for flow in flows_of_step(scenario, step)}
        denied = {key for key, intent in intents.items() if intent.expectation is Expectation.DENY}
        assert {f.flow.key for f in judged.findings if f.kind is Kind.LEAK} == denied
        assert {f.kind for f in judged.findings} <= {None, Kind.LEAK}


def test_every_flow_has_an_intent(scenario):
    """A scenario that only compares policies with packets would teach nothing."""
    assert all(step.intent.default is not Default.POLICY for step in scenario.steps)


def test_it_says_what_it_is_about(scenario):
    assert scenario.title
    assert scenario.description
    assert scenario.features
    names = {path.parent.name for path in FOLDERS[0].parent.glob("*/scenario.yaml")}
    assert scenario.name in names, "a scenario is called by the name of its folder"


@pytest.mark.parametrize("page", ["scenarios/README.md", "docs/scenarios.md"])
def test_the_pages_list_them_all(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [folder.name for folder in FOLDERS if f"{folder.name}/)" not in text] == []


def test_the_library_covers_the_features_that_need_nothing_special():
    special = {Feature.SCTP, Feature.NODE, Feature.POD_RESTART, Feature.SCALE}
    covered = {feature for folder in FOLDERS for feature in load_scenario(folder).features}
    assert set(Feature) - covered == special
