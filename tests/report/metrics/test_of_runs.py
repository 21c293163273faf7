"""Metrics of runs: golden text, and what alerts would rest on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from netprobe.report.metrics.exposition import keep_successes
from netprobe.report.metrics.of_runs import render

RUN = "netprobe_scenario_last_run_timestamp_seconds"
SUCCESS = "netprobe_scenario_last_success_timestamp_seconds"


def samples(text):
    """By name and labels, as a scraper reads it."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(text, name, **labels):
    return samples(text).get((name, *sorted(labels.items())))


def test_the_text_is_the_golden_one(every_verdict_run, golden):
    run = replace(every_verdict_run, features=("dns", "ingress"))
    golden("every_verdict_run.prom", render([run]))


def test_it_is_the_same_whenever_it_is_made(every_verdict_run):
    assert render([every_verdict_run]) == render([every_verdict_run])


def test_a_feature_is_as_bad_as_its_worst_scenario(enforcing_run, leaking_run):
    good = replace(enforcing_run, scenario="good", features=("ingress", "dns"), cluster=leaking_run.cluster)
    bad = replace(leaking_run, scenario="bad", features=("ingress",))
    text = render([good, bad])

    def verdict(feature, word):
        return of(text, "netprobe_feature_verdict", cluster="lab:flannel", feature=feature, verdict=word)

    assert (verdict("ingress", "FAIL"), verdict("ingress", "PASS")) == (1, 0)
    assert (verdict("dns", "FAIL"), verdict("dns", "PASS")) == (0, 1)


def test_latency_is_the_slowest_and_only_of_what_took_effect(enforcing_run, leaking_run):
    name = "netprobe_scenario_policy_effect_seconds"
    good, bad = render([enforcing_run]), render([leaking_run])
    assert of(good, name, cluster="lab", scenario="three-tier", node="node2") == pytest.approx(0.12)
    assert name not in bad
    enforced = "netprobe_scenario_policy_enforced"
    assert of(bad, enforced, cluster="lab:flannel", scenario="three-tier", node="node1") == 0


def test_success_is_exit_code_0(enforcing_run, leaking_run):
    text = render([enforcing_run])
    ended = 1767323045 + 14.25
    assert of(text, SUCCESS, cluster="lab", scenario="three-tier") == ended
    text = render([leaking_run])
    assert of(text, RUN, cluster="lab:flannel", scenario="three-tier") == ended
    assert SUCCESS not in text


def test_the_last_success_stays_through_runs_without(enforcing_run, leaking_run):
    good = replace(leaking_run, steps=enforcing_run.steps, started="2026-01-01T00:00:00Z")
    first = render([good, replace(good, scenario="gone")])
    second = keep_successes(render([leaking_run]), first)
    where = {"cluster": "lab:flannel", "scenario": "three-tier"}
    assert of(second, SUCCESS, **where) == 1767225614.25
    assert of(second, RUN, **where) == 1767323059.25
    assert "gone" not in second, "a scenario that is run no longer is not told of for ever"
    assert keep_successes(render([leaking_run]), second) == second
    newer = render([replace(good, started="2026-01-03T00:00:00Z")])
    assert keep_successes(newer, second) == newer


@pytest.mark.parametrize("before", ["", "{ this is no exposition", "a 1\n", "\x00"])
def test_a_file_that_tells_nothing_changes_nothing(leaking_run, before):
    text = render([leaking_run])
    assert keep_successes(text, before) == text


def test_names_of_any_kind_survive(leaking_run):
    run = replace(leaking_run, scenario='a "b" \\ c\nd → e')
    assert of(render([run]), RUN, cluster="lab:flannel", scenario=run.scenario) is not None


def test_no_run_no_metrics():
    assert render([]) == ""


def test_the_page_has_every_metric():
    root = Path(__file__).parents[3]
    page = (root / "docs" / "metrics.md").read_text(encoding="utf-8")
    golden = root / "tests" / "report" / "golden"
    for name in ("every_verdict_run.prom", "audit-one_fault.prom"):
        for family in text_string_to_metric_families((golden / name).read_text(encoding="utf-8")):
            assert f"`{family.name}`" in page
            for label in {label for sample in family.samples for label in sample.labels} - {"cluster"}:
                assert f"`{label}`" in page.partition(f"`{family.name}`")[2].partition("\n")[0], family.name
