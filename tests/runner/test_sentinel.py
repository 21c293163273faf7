"""The sentinel: flips, what is believed of them, and from when attempts count."""

from __future__ import annotations

import pytest

from netprobe.cluster.port import Limits
from netprobe.cluster.providers.simulated import SimulatedCluster
from netprobe.cluster.providers.simulation.clock import VirtualClock
from netprobe.model.topology import Pod, Topology
from netprobe.runner.controls import Controls
from netprobe.runner.figures import Figures
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Nobody
from netprobe.runner.rounds import SentinelSight
from netprobe.runner.sentinel import Sentinel
from netprobe.runner.site import CONTROL_ROLE, Site
from netprobe.runner.snapshot import Snapshot
from netprobe.scenario.placement import Placement


def look(started, is_open, node="n1"):
    return SentinelSight(node=node, started=started, is_open=is_open)


CONTROLS = Controls(
    Snapshot(
        topology=Topology(),
        controls=tuple(
            Pod(
                namespace="c",
                name=f"{role}-{node}",
                labels={CONTROL_ROLE: role},
                ips=("10.0.0.1",),
                node=node,
            )
            for node in ("n1", "n2")
            for role in ("control", "sentinel")
        ),
    )
)


@pytest.fixture
def sentinel() -> Sentinel:
    clock = VirtualClock(start=0)
    cluster = SimulatedCluster(clock=clock, limits=Limits(quiet_seconds=5))
    site = Site(
        cluster=cluster,
        options=RunOptions(run_id="t", clock=clock),
        placement=Placement("t", ()),
        watcher=Nobody(),
        figures=Figures(clock),
        began=0,
    )
    cluster.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": site.control_namespace}}])
    made = Sentinel(site)
    made.learn([look(0, True), look(0, True, "n2")])
    clock.wait(10)
    made.flip(CONTROLS)
    return made


def test_a_flip_is_the_first_look_that_the_next_confirms(sentinel):
    sentinel.note([look(11, True), look(12, False), look(10.5, True)])
    assert sentinel.pending == ("n1", "n2")
    sentinel.note([look(13, None), look(14, False)])
    assert sentinel.pending == ("n2",)
    assert sentinel.counts_from(["n1"]) == 12
    reading = sentinel.conclude(at_ceiling=False)[0]
    assert (reading.flipped, reading.seconds, reading.closing) == (True, 2.0, True)


def test_a_relapse_is_no_flip(sentinel):
    sentinel.note([look(11, False), look(12, True), look(13, False), look(14, False)])
    assert sentinel.counts_from(["n1"]) == 13


def test_attempts_count_from_the_last_flip_of_their_nodes_or_the_quiet_time(sentinel):
    assert sentinel.counts_from(["n1"]) == 15
    sentinel.note([look(11, False), look(12, False)])
    assert sentinel.counts_from(["n1", "n2"]) == 15
    sentinel.note([look(13, False, "n2"), look(14, False, "n2")])
    assert sentinel.counts_from(["n1", "n2"]) == 13
    assert sentinel.counts_from(["n1", "unknown"]) == 15
    assert sentinel.counts_from([]) == 15


def test_a_late_flip_does_not_take_back_the_quiet_time(sentinel):
    sentinel.note([look(20, False), look(21, False)])
    assert sentinel.counts_from(["n1"]) == 15


def test_a_sentinel_that_never_closes_proves_its_node_lax(sentinel):
    sentinel.note([look(11, True), look(12, True)])
    readings = sentinel.conclude(at_ceiling=True)
    assert [reading.flipped for reading in readings] == [False, None]
    assert sentinel.not_enforced == ["n1"], "of n2 there is no evidence at all"
    sentinel.flip(CONTROLS)
    assert not sentinel.closing
    assert sentinel.pending == (), "what never closed cannot be seen to open"


def test_what_was_not_waited_for_is_not_known_at_the_next_flip(sentinel):
    sentinel.note([look(11, True), look(12, True)])
    assert [reading.flipped for reading in sentinel.conclude(at_ceiling=False)] == [None, None]
    assert sentinel.not_enforced == []
    sentinel.flip(CONTROLS)
    assert sentinel.pending == ()
    assert "not known" in sentinel.conclude(at_ceiling=True)[0].detail
