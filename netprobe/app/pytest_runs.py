"""One run at a time, for the pytest plugin: settings, cluster, run, and the reports at the end."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netprobe.app.clusters import find_provider
from netprobe.app.formats import parse_outputs
from netprobe.app.jobs import job_for
from netprobe.app.journals import journal_paths
from netprobe.campaign.job import perform_on
from netprobe.cluster.port import Cluster
from netprobe.config.settings import Config
from netprobe.errors import NetprobeError
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.record.journal import read_journal
from netprobe.runner.progress import Watcher
from netprobe.runner.results import rejudge


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """What became of one run.

    ``failure`` says why it broke off; ``result`` is what was measured (None: nothing was begun).
    ``journal`` is its file, None when there is none.
    """

    result: RunResult | None = None
    failure: NetprobeError | None = None
    journal: Path | None = None


def check_config(config: Config) -> None:
    """Raise InputError for a kind of cluster or a report that there is not, before anything is run."""
    find_provider(config.cluster.partition(":")[0])
    parse_outputs(config.output, serves=False)


def run_one(scenario: Scenario, cluster: Cluster, config: Config, watcher: Watcher) -> Ran:
    """Run ``scenario`` on ``cluster``; a run that broke off is told in the answer, never raised."""
    run_id = secrets.token_hex(3)
    try:
        (journal,) = journal_paths((scenario,), (run_id,), named=None, folder=config.journals)
        job = job_for(scenario, run_id, journal, config=config, cluster=cluster)
        outcome = perform_on(cluster)(job, watcher)
    except NetprobeError as error:
        return Ran(failure=error)
    return Ran(result=outcome.result, failure=outcome.failure, journal=journal)


def judge_again(journals: Sequence[Path]) -> list[RunResult]:
    """Return the results of journals, in the order in which the runs began."""
    results = [rejudge(read_journal(path)) for path in journals]
    return sorted(results, key=lambda result: (result.started, result.scenario, result.run_id))
