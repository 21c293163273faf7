"""Jobs one after the other, in the calling thread."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from netprobe.campaign.job import Job, Outcome, Perform
from netprobe.runner.progress import Watcher


def run_one_by_one(jobs: Sequence[Job], perform: Perform, watcher: Watcher) -> Generator[Outcome, None, None]:
    """Yield the outcome of each job until the user stops it or the cluster no longer answers."""
    for job in jobs:
        outcome = perform(job, watcher)
        yield outcome
        if outcome.ends_campaign:
            return
