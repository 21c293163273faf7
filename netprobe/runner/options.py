"""What the caller of a run decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from netprobe.model.flow import Flow
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.runner.clock import Clock, SystemClock
from netprobe.scenario.dressing import DEFAULT_IMAGE


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOptions:
    """Options of a run; all durations in seconds.

    ``settle`` is the ceiling for a flow after a step's last write. ``deploy_deadline`` bounds each
    wait for workloads. ``run_id`` (lower case letters and digits, short) is part of the namespaces'
    names. ``exact`` keeps the author's namespace names. ``keep`` leaves the namespaces behind.
    ``expiry_hours`` after ``started`` is what the namespaces are marked with: who finds them later than
    that may remove them. ``side_by_side`` runs go on at the same time on the cluster: each keeps to its
    part of the cluster's limits. ``patient``: attempts count only once a change was seen to take effect,
    where that can be seen, so that a slow network is not measured too early. ``held`` are flows whose
    connection is opened before the first step and held through it, to tell what becomes of it.
    ``ip_blocks_mean_pods`` None: a run that needs to know measures it. ``allow_exposure`` lets Services
    of type NodePort be. ``externals`` are external hosts that are there already: their address, and for
    each declared port the one that is reachable.
    """

    run_id: str
    settle: float = 30.0
    deploy_deadline: float = 120.0
    image: str = DEFAULT_IMAGE
    exact: bool = False
    keep: bool = False
    expiry_hours: float = 4.0
    patient: bool = False
    allow_exposure: bool = False
    side_by_side: int = 1
    held: tuple[Flow, ...] = ()
    externals: Mapping[str, tuple[str, Mapping[int, int]]] = field(default_factory=dict)
    ip_blocks_mean_pods: IpBlocksMeanPods | None = None
    started: datetime = field(default_factory=_now)
    clock: Clock = field(default_factory=SystemClock)
