"""Run scenarios on a cluster: load, open, run one after the other, report, close."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from netprobe.app.audience import Audience
from netprobe.app.clusters import clock_of, find_provider, open_cluster
from netprobe.app.formats import parse_outputs, write_outputs
from netprobe.app.journals import journal_paths
from netprobe.app.scenarios import load_scenarios
from netprobe.cluster.port import Cluster
from netprobe.config.settings import Config
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.record.journal import JournalWriter
from netprobe.report.conclusion import exit_code_of
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Watcher
from netprobe.runner.results import rejudge
from netprobe.runner.run import run_scenario
from netprobe.scenario.dressing import DEFAULT_IMAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRequest:
    """What ``netprobe run`` was asked for; ``journal`` None: a name of our choice."""

    scenarios: tuple[str, ...]
    everything: bool
    config: Config
    journal: str | None = None
    keep: bool = False


def run(request: RunRequest, audience: Audience, watcher: Watcher) -> int:
    """Run the scenarios one after the other and return the exit code.

    Everything that can be wrong with the input is told before a cluster is opened. When a run ends
    early (RunInterrupted, EnvironmentFailure), what was measured until then is shown and reported
    like any other result, and the error is raised after that.
    """
    config = request.config
    outputs = parse_outputs(config.output)
    find_provider(config.cluster.partition(":")[0])
    scenarios = load_scenarios(request.scenarios, everything=request.everything)
    # One id per run: the namespaces of the run before may still be going away.
    run_ids = [secrets.token_hex(3) for _ in scenarios]
    journals = journal_paths(scenarios, run_ids, named=request.journal, folder=config.journals)
    results: list[RunResult] = []

    def finished(result: RunResult, journal: Path) -> None:
        results.append(result)
        audience.show(result, journal)

    watcher.stage(f"opening the cluster {config.cluster}")
    cluster = open_cluster(config.cluster)
    try:
        for scenario, run_id, journal in zip(scenarios, run_ids, journals, strict=True):
            options = _options(request, run_id, cluster)
            _run_one(scenario, cluster, journal, options, watcher, finished)
    finally:
        cluster.close()
        if results:
            write_outputs(outputs, results, audience.print_text)
    return exit_code_of(results)


def _run_one(
    scenario: Scenario,
    cluster: Cluster,
    journal: Path,
    options: RunOptions,
    watcher: Watcher,
) -> RunResult:
    with JournalWriter(journal) as writer:
        return run_scenario(scenario, cluster, writer, options, watcher)


def _options(request: RunRequest, run_id: str, cluster: Cluster) -> RunOptions:
    config = request.config
    return RunOptions(
        run_id=run_id,
        settle=config.settle,
        deploy_deadline=config.deploy_deadline,
        image=config.image or DEFAULT_IMAGE,
        keep=request.keep,
        clock=clock_of(cluster),
    )
