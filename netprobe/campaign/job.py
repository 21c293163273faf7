"""What a campaign is made of: scenarios to be run, and what came of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from netprobe.cluster.port import Cluster
from netprobe.errors import EnvironmentFailure
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.record.journal import JournalWriter
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Watcher
from netprobe.runner.run import RunFailed, run_scenario


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One scenario that is to be run, its journal, and the options of its run."""

    scenario: Scenario
    journal: Path
    options: RunOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of a job: its result, whole or partial.

    ``failure`` is why the environment ended the run, else None; ``lost`` whether the cluster no longer
    answered after that.
    """

    job: Job
    result: RunResult
    failure: RunFailed | None = None
    lost: bool = False

    @property
    def ends_campaign(self) -> bool:
        """Whether no other run should begin: the user stopped this one, or the cluster is lost."""
        return self.lost or (self.failure is None and bool(self.result.interrupted))


Perform = Callable[[Job, Watcher], Outcome]
"""Carries out one job; raises InputError when its journal cannot be written."""


def perform_on(cluster: Cluster) -> Perform:
    """Return what carries out jobs on ``cluster``, which must be open."""

    def perform(job: Job, watcher: Watcher) -> Outcome:
        with JournalWriter(job.journal) as writer:
            try:
                result = run_scenario(job.scenario, cluster, writer, job.options, watcher)
            except RunFailed as failure:
                lost = not _answers(cluster)
                return Outcome(job=job, result=failure.result, failure=failure, lost=lost)
        return Outcome(job=job, result=result)

    return perform


def _answers(cluster: Cluster) -> bool:
    try:
        cluster.preflight()
    except EnvironmentFailure:
        return False
    return True
