"""From settings to the options of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.app.jobs import job_for
from netprobe.cluster.providers.simulated import SimulatedCluster
from netprobe.config.settings import Config
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.scenario import Scenario


@pytest.mark.parametrize(
    ("word", "answer"),
    [("measure", None), ("yes", IpBlocksMeanPods.YES), ("unknown", IpBlocksMeanPods.UNKNOWN)],
)
def test_the_setting_about_ip_blocks_reaches_the_run(word, answer):
    config = Config(ipblock_selects_pods=word)
    job = job_for(Scenario(name="s"), "r1", Path("j"), config=config, cluster=SimulatedCluster())
    assert job.options.ip_blocks_mean_pods is answer
