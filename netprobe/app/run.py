"""Run scenarios on a cluster: load, open, run, report, close."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from netprobe.app.audience import Audience
from netprobe.app.clusters import KeepsTime, check_terms, open_cluster
from netprobe.app.formats import parse_outputs, write_outputs
from netprobe.app.jobs import job_for
from netprobe.app.journals import journal_paths
from netprobe.app.scenarios import load_scenarios
from netprobe.campaign.campaign import run_campaign
from netprobe.cluster.port import Terms
from netprobe.config.settings import Config
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.report.conclusion import exit_code_of
from netprobe.runner.progress import Watcher


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRequest:
    """What ``netprobe run`` was asked for; ``journal`` None: a name of our choice.

    ``terms`` are for a cluster that is made; their ``keep`` leaves the namespaces behind as well.
    """

    scenarios: tuple[str, ...]
    everything: bool
    config: Config
    journal: str | None = None
    terms: Terms = field(default_factory=Terms)


def run(request: RunRequest, audience: Audience, watcher: Watcher) -> int:
    """Run the scenarios and return the exit code.

    Everything that can be wrong with the input is told before a cluster is opened. A run that ends
    early is shown and reported like any other, with what was measured until then; when it broke
    off, the audience is told why, and the others go on while the cluster answers; when the user
    stopped it, none of the others begins. Raises InputError, and EnvironmentFailure when the
    cluster cannot be opened.
    """
    config = request.config
    outputs = parse_outputs(config.output)
    check_terms(config.cluster, request.terms)
    scenarios = _prepare(request)
    results: list[RunResult] = []
    watcher.stage(f"opening the cluster {config.cluster}")
    audience.expect(len(scenarios))
    cluster = open_cluster(config.cluster, request.terms)
    try:
        jobs = [
            job_for(*prepared, config=config, cluster=cluster, keep=request.terms.keep)
            for prepared in scenarios
        ]
        width = 1 if isinstance(cluster, KeepsTime) else config.jobs
        with closing(run_campaign(jobs, cluster, watcher, width=width)) as outcomes:
            for outcome in outcomes:
                results.append(outcome.result)
                audience.show(outcome.result, outcome.job.journal)
                if outcome.failure is not None:
                    audience.tell(outcome.failure)
    finally:
        cluster.close()
        if results:
            audience.conclude(results)
            write_outputs(outputs, results, audience.print_text, audience.serve)
    return exit_code_of(results)


def _prepare(request: RunRequest) -> Sequence[tuple[Scenario, str, Path]]:
    """Load every scenario, and give each an id and a journal."""
    scenarios = load_scenarios(request.scenarios, everything=request.everything)
    # One id per run: the namespaces of the run before may still be going away.
    run_ids = [secrets.token_hex(3) for _ in scenarios]
    journals = journal_paths(scenarios, run_ids, named=request.journal, folder=request.config.journals)
    return list(zip(scenarios, run_ids, journals, strict=True))
