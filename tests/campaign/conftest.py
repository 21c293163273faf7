"""Jobs of scenarios that need no cluster, and a watcher that remembers."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from netprobe.campaign.job import Job, Outcome
from netprobe.errors import RunInterrupted
from netprobe.model.run import ClusterDescription, RunResult
from netprobe.model.scenario import Scenario, Step
from netprobe.model.topology import ExternalHost
from netprobe.runner.options import RunOptions

PATIENCE = 10.0
"""Seconds after which a test that waits in vain fails."""


@pytest.fixture
def job_of():
    """A maker of jobs."""
    return make_job


@pytest.fixture
def outcome_of():
    """A maker of outcomes."""
    return make_outcome


@pytest.fixture
def until_stopped():
    """A run that goes on until somebody asks for its end."""
    return run_until_stopped


def make_job(name, *, steps=1, external=False):
    scenario = Scenario(
        name=name,
        steps=tuple(Step(name=f"s{number}") for number in range(steps)),
        externals=(ExternalHost(name="partner", address="203.0.113.10", ports=(443,)),) if external else (),
    )
    return Job(scenario=scenario, journal=Path(f"{name}.jsonl"), options=RunOptions(run_id=name))


def make_outcome(job, *, interrupted="", **more):
    result = RunResult(
        run_id=job.options.run_id,
        scenario=job.scenario.name,
        title="",
        cluster=ClusterDescription(name="none", kind="simulated", title="none"),
        netprobe_version="",
        started="",
        seconds=0.0,
        steps=(),
        interrupted=interrupted,
    )
    return Outcome(job=job, result=result, **more)


def run_until_stopped(job):
    try:
        while True:
            job.options.clock.wait(PATIENCE)
            raise AssertionError("nobody asked for an end")
    except RunInterrupted as interruption:
        return make_outcome(job, interrupted=interruption.message)


class Memory:
    """A watcher that keeps what it is told, and who told it."""

    def __init__(self):
        self.told = []
        self.threads = set()

    def _tell(self, kind, text):
        self.told.append((kind, text))
        self.threads.add(threading.current_thread())

    def stage(self, text):
        self._tell("stage", text)

    def progress(self, done, total):
        self._tell("progress", f"{done}/{total}")

    def headline(self, text):
        self._tell("headline", text)

    def warning(self, text):
        self._tell("warning", text)


@pytest.fixture
def memory():
    return Memory()
