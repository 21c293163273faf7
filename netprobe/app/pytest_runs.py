"""One run at a time, for the pytest plugin: settings, cluster, run, and the reports at the end."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netprobe.app.clusters import clock_of, find_provider
from netprobe.app.formats import parse_outputs
from netprobe.app.journals import journal_paths
from netprobe.cluster.port import Cluster
from netprobe.config.settings import Config
from netprobe.errors import NetprobeError
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.record.journal import JournalWriter, read_journal
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Watcher
from netprobe.runner.results import rejudge
from netprobe.runner.run import RunFailed, run_scenario
from netprobe.scenario.dressing import DEFAULT_IMAGE


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
    parse_outputs(config.output)


def run_one(scenario: Scenario, cluster: Cluster, config: Config, watcher: Watcher) -> Ran:
    """Run ``scenario`` on ``cluster``; a run that broke off is told in the answer, never raised."""
    run_id = secrets.token_hex(3)
    options = RunOptions(
        run_id=run_id,
        settle=config.settle,
        deploy_deadline=config.deploy_deadline,
        image=config.image or DEFAULT_IMAGE,
        clock=clock_of(cluster),
    )
    journal: Path | None = None
    try:
        (journal,) = journal_paths((scenario,), (run_id,), named=None, folder=config.journals)
        with JournalWriter(journal) as writer:
            return Ran(result=run_scenario(scenario, cluster, writer, options, watcher), journal=journal)
    except RunFailed as error:
        return Ran(result=error.result, failure=error, journal=journal)
    except NetprobeError as error:
        return Ran(failure=error)


def judge_again(journals: Sequence[Path]) -> list[RunResult]:
    """Return the results of journals, in the order in which the runs began."""
    results = [rejudge(read_journal(path)) for path in journals]
    return sorted(results, key=lambda result: (result.started, result.scenario, result.run_id))
