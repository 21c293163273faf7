"""From settings to a job: the options of one run on a cluster."""

from __future__ import annotations

from pathlib import Path

from netprobe.app.clusters import clock_of
from netprobe.campaign.job import Job
from netprobe.cluster.port import Cluster
from netprobe.config.settings import Config
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.scenario import Scenario
from netprobe.runner.options import RunOptions
from netprobe.scenario.dressing import DEFAULT_IMAGE


def job_for(
    scenario: Scenario, run_id: str, journal: Path, *, config: Config, cluster: Cluster, keep: bool = False
) -> Job:
    """Return the job of running ``scenario`` on ``cluster`` as the settings want it."""
    options = RunOptions(
        run_id=run_id,
        settle=config.settle,
        deploy_deadline=config.deploy_deadline,
        image=config.image or DEFAULT_IMAGE,
        keep=keep,
        ip_blocks_mean_pods=_ip_blocks(config),
        clock=clock_of(cluster),
    )
    return Job(scenario=scenario, journal=journal, options=options)


def _ip_blocks(config: Config) -> IpBlocksMeanPods | None:
    word = config.ipblock_selects_pods
    return None if word == "measure" else IpBlocksMeanPods(word)
