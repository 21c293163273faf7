"""A campaign: how many of its runs go on at the same time."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from netprobe.campaign.job import Job, Outcome, perform_on
from netprobe.campaign.one_by_one import run_one_by_one
from netprobe.campaign.side_by_side import run_side_by_side
from netprobe.cluster.port import Cluster
from netprobe.runner.progress import Watcher


def run_campaign(
    jobs: Sequence[Job], cluster: Cluster, watcher: Watcher, *, width: int | None = None
) -> Generator[Outcome, None, None]:
    """Yield the outcome of each job, in the order of the jobs, as soon as it and those before it ended.

    ``width`` runs go on at the same time; None leaves it to the cluster (``Limits.runs_at_once``). A
    campaign that the user stops, or whose cluster no longer answers, yields fewer outcomes than it
    has jobs.
    """
    width = cluster.limits.runs_at_once if width is None else width
    perform = perform_on(cluster)
    if width > 1 and len(jobs) > 1:
        return run_side_by_side(jobs, perform, watcher, width)
    return run_one_by_one(jobs, perform, watcher)
