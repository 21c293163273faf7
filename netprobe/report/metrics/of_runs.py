"""Metrics of runs: verdicts of scenarios and features, findings, and how fast policies took effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from netprobe.model.finding import Kind, Verdict
from netprobe.model.run import RunResult
from netprobe.report.conclusion import exit_code_of
from netprobe.report.metrics.exposition import render as render_families
from netprobe.report.metrics.families import RUN, SUCCESS, Family, end_of, info

_ONE = ("cluster", "scenario")
_PREFIX = "netprobe_scenario_"


def render(results: Sequence[RunResult]) -> str:
    """Return the text exposition of ``results``; the same results give the same text."""
    return render_families(_families(results))


def _families(results: Sequence[RunResult]) -> Iterator[Family]:
    if results:
        yield info(results[0].netprobe_version, [result.cluster for result in results])
    yield _verdicts(results)
    yield _features(results)
    yield _findings(results)
    yield from _effects(results)
    seconds = Family(f"{_PREFIX}duration_seconds", "How long the run took.", _ONE)
    interrupted = Family(f"{_PREFIX}interrupted", "1 when the run ended early.", _ONE)
    run = Family(f"{_PREFIX}{RUN}", "When the latest run ended.", _ONE)
    success = Family(f"{_PREFIX}{SUCCESS}", "When the latest run ended that proved no fault.", _ONE)
    for result in results:
        labels = (result.cluster.name, result.scenario)
        end = end_of(result.started, result.seconds)
        seconds.add(round(result.seconds, 3), *labels)
        interrupted.add(float(bool(result.interrupted)), *labels)
        run.add(end, *labels)
        if exit_code_of((result,)) == 0:
            success.add(end, *labels)
    yield from (seconds, interrupted, run, success)


def _verdicts(results: Sequence[RunResult]) -> Family:
    family = Family(
        f"{_PREFIX}verdict", "The worst verdict of the scenario: 1 for the one it is.", (*_ONE, "verdict")
    )
    for result in results:
        family.add_states(Verdict, result.verdict, result.cluster.name, result.scenario)
    return family


def _features(results: Sequence[RunResult]) -> Family:
    """The worst verdict among the scenarios that are about a feature."""
    family = Family(
        "netprobe_feature_verdict",
        "The worst verdict of the scenarios about the feature: 1 for the one it is.",
        ("cluster", "feature", "verdict"),
    )
    worst: dict[tuple[str, str], Verdict] = {}
    for result in results:
        for feature in result.features:
            key = (result.cluster.name, feature)
            known = worst.get(key, Verdict.PASS)
            worst[key] = max(known, result.verdict, key=lambda verdict: verdict.severity)
    for labels, verdict in sorted(worst.items()):
        family.add_states(Verdict, verdict, *labels)
    return family


def _findings(results: Sequence[RunResult]) -> Family:
    family = Family(
        f"{_PREFIX}findings", "Flows by verdict; FAIL also by its kind.", (*_ONE, "verdict", "kind")
    )
    names: list[tuple[Verdict, str]] = [(each, "") for each in Verdict if each is not Verdict.FAIL]
    names += [(Verdict.FAIL, kind.value) for kind in Kind]
    for result in results:
        counts = Counter((each.verdict, each.kind.value if each.kind else "") for each in result.findings)
        for verdict, kind in names:
            family.add(counts[verdict, kind], result.cluster.name, result.scenario, verdict, kind)
    return family


def _effects(results: Sequence[RunResult]) -> Iterator[Family]:
    """What netprobe's own policies showed on each node: the slowest of the run."""
    labels = (*_ONE, "node")
    seen = Family(
        f"{_PREFIX}policy_enforced", "1 where netprobe's own policies took effect, 0 where not.", labels
    )
    seconds = Family(
        f"{_PREFIX}policy_effect_seconds", "The longest that a change of policy took to take effect.", labels
    )
    for result in results:
        readings = [
            reading for step in result.steps for reading in step.sentinels if reading.flipped is not None
        ]
        for node in sorted({reading.node for reading in readings}):
            of_node = [reading for reading in readings if reading.node == node]
            where = (result.cluster.name, result.scenario, node)
            seen.add(float(all(reading.flipped for reading in of_node)), *where)
            times = [reading.seconds for reading in of_node if reading.flipped]
            if times:
                seconds.add(round(max(times), 3), *where)
    yield from (seen, seconds)
