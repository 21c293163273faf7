"""What a run leaves behind: nothing, however it ended, unless it was told to keep."""

from __future__ import annotations

import secrets
import signal

import pytest

from netprobe.app.clusters import clock_of
from netprobe.errors import RunInterrupted
from netprobe.record.journal import JournalWriter
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Nobody
from netprobe.runner.run import RunFailed, run_scenario
from netprobe.runner.site import EXPIRES, RUN_LABEL


class Interrupting(Nobody):
    """The user, who stops the run when it comes to ``stage``."""

    def __init__(self, stage):
        self.at = stage
        self.came = False

    def stage(self, text):
        if text.startswith(self.at) and not self.came:
            self.came = True
            raise RunInterrupted("stopped by the test", signal_number=signal.SIGINT)


@pytest.fixture
def run(cluster, small, tmp_path):
    """Run the small scenario under an id of its own; the id, and the result or the failure."""

    def go(watcher=None, scenario=small, **options):
        given = RunOptions(
            run_id=secrets.token_hex(3),
            **{"settle": 6.0, "deploy_deadline": 240.0, "clock": clock_of(cluster.cluster), **options},
        )
        with JournalWriter(tmp_path / f"{given.run_id}.jsonl") as journal:
            try:
                outcome = run_scenario(scenario, cluster, journal, given, watcher or Nobody())
            except RunFailed as failed:
                outcome = failed
        return given.run_id, outcome

    return go


def left(cluster, run_id):
    names = [
        (each["metadata"]["name"], each["metadata"].get("labels") or {})
        for each in cluster.read(()).namespaces
    ]
    return [name for name, labels in names if labels.get(RUN_LABEL) == run_id or f"np-{run_id}-" in name]


def test_after_a_whole_run(cluster, run):
    """Also: all that was written, policies of steps and sentinels as well, carried the run's marks."""
    start = len(cluster.applied)
    run_id, result = run()
    assert not result.interrupted
    assert left(cluster, run_id) == []
    written = cluster.applied[start:]
    kinds = {str(body["kind"]) for body in written}
    assert kinds == {"Namespace", "Deployment", "Service", "NetworkPolicy"}
    assert {body["metadata"]["name"] for body in written if body["kind"] == "NetworkPolicy"} == {
        "closed",
        "sentinel",
    }
    unmarked = [
        f"{body['kind']} {body['metadata']['name']}"
        for body in written
        if body["metadata"].get("labels", {}).get(RUN_LABEL) != run_id
        or EXPIRES not in body["metadata"]["labels"]
    ]
    assert unmarked == []


@pytest.mark.parametrize("stage", ["deploying", "baseline", "step"])
def test_after_an_interruption(cluster, run, stage):
    """Ctrl-C comes at any time; a cluster that others use must not fill with what it leaves."""
    watcher = Interrupting(stage)
    run_id, result = run(watcher)
    assert watcher.came
    assert result.interrupted
    assert left(cluster, run_id) == []


def test_after_a_failed_deployment(cluster, run):
    """A run that cannot begin has created namespaces and pods already."""
    start = len(cluster.applied)
    run_id, failure = run(deploy_deadline=3.0, image="registry.invalid/netprobe/none:1")
    assert isinstance(failure, RunFailed)
    assert "web" in failure.message
    assert len(cluster.applied) > start
    assert left(cluster, run_id) == []


def test_keep_leaves_them(cluster, run, remove):
    """``--keep`` is for looking at what was deployed; the marks say whose it is and from when it may go."""
    watcher = Interrupting("baseline")
    run_id, _ = run(watcher, keep=True)
    kept = left(cluster, run_id)
    try:
        assert watcher.came
        assert sorted(kept) == [f"np-{run_id}-{name}" for name in ("control", "shop", "street")]
    finally:
        remove(kept)
    assert left(cluster, run_id) == []
