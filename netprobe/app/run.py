"""Run scenarios on a cluster: load, open, run one after the other, report, close."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netprobe.app.audience import Audience
from netprobe.app.clusters import clock_of, find_provider, open_cluster
from netprobe.app.formats import parse_outputs, write_outputs
from netprobe.app.journals import journal_paths
from netprobe.app.scenarios import load_scenarios
from netprobe.cluster.port import Cluster
from netprobe.config.settings import Config
from netprobe.errors import EnvironmentFailure, InputError
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.record.journal import JournalWriter
from netprobe.report.conclusion import exit_code_of
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Watcher
from netprobe.runner.run import RunFailed, run_scenario
from netprobe.scenario.dressing import DEFAULT_IMAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRequest:
    """What ``netprobe run`` was asked for; ``journal`` None: a name of our choice."""

    scenarios: tuple[str, ...]
    everything: bool
    config: Config
    journal: str | None = None
    keep: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Job:
    """One scenario that is to be run, its id and its journal."""

    scenario: Scenario
    run_id: str
    journal: Path


def run(request: RunRequest, audience: Audience, watcher: Watcher) -> int:
    """Run the scenarios one after the other and return the exit code.

    Everything that can be wrong with the input is told before a cluster is opened. A run that ends
    early is shown and reported like any other, with what was measured until then; when it broke
    off, the audience is told why, and the others go on while the cluster answers; when the user
    stopped it, none of the others begins. Raises InputError, and EnvironmentFailure when the
    cluster cannot be opened.
    """
    config = request.config
    outputs = parse_outputs(config.output)
    kind = config.cluster.partition(":")[0]
    find_provider(kind)
    if request.keep and kind == "lab":
        raise InputError(
            "--keep keeps nothing on the lab, which ends with its run",
            remedy="use --keep with --cluster context",
        )
    jobs = _jobs(request)
    results: list[RunResult] = []
    watcher.stage(f"opening the cluster {config.cluster}")
    cluster = open_cluster(config.cluster)
    try:
        for result in _run_all(jobs, request, cluster, audience, watcher):
            results.append(result)  # noqa: PERF402 - one by one: those of before an error count, too
    finally:
        cluster.close()
        if results:
            write_outputs(outputs, results, audience.print_text)
    return exit_code_of(results)


def _jobs(request: RunRequest) -> Sequence[_Job]:
    scenarios = load_scenarios(request.scenarios, everything=request.everything)
    # One id per run: the namespaces of the run before may still be going away.
    run_ids = [secrets.token_hex(3) for _ in scenarios]
    journals = journal_paths(scenarios, run_ids, named=request.journal, folder=request.config.journals)
    return [
        _Job(scenario=scenario, run_id=run_id, journal=journal)
        for scenario, run_id, journal in zip(scenarios, run_ids, journals, strict=True)
    ]


def _run_all(
    jobs: Sequence[_Job],
    request: RunRequest,
    cluster: Cluster,
    audience: Audience,
    watcher: Watcher,
) -> Iterator[RunResult]:
    """Run one job after the other until the user or the cluster ends it; yield each result."""
    for job in jobs:
        result, failure = _run_one(job, request, cluster, watcher)
        yield result
        audience.show(result, job.journal)
        if failure is not None:
            audience.tell(failure)
        if (failure is not None and not _answers(cluster)) or (failure is None and result.interrupted):
            return


def _run_one(
    job: _Job, request: RunRequest, cluster: Cluster, watcher: Watcher
) -> tuple[RunResult, RunFailed | None]:
    options = _options(request, job.run_id, cluster)
    with JournalWriter(job.journal) as writer:
        try:
            return run_scenario(job.scenario, cluster, writer, options, watcher), None
        except RunFailed as error:
            return error.result, error


def _answers(cluster: Cluster) -> bool:
    try:
        cluster.preflight()
    except EnvironmentFailure:
        return False
    return True


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
