"""Where a run takes place: its cluster, its names, its marks and its clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from netprobe.cluster.port import Cluster, Limits
from netprobe.model.flow import PodRef
from netprobe.runner.figures import Figures
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Watcher
from netprobe.scenario.placement import Placement

RUN_LABEL = "netprobe.io/run"
"""On everything that a run creates: its run id."""

EXPIRES = "netprobe.io/expires"
"""On everything that a run creates, label and annotation: seconds since the epoch after which it may go."""

CONTROL_ROLE = "netprobe.io/role"
"""On the pods of the control namespace: ``control``, ``sentinel`` or ``calibration``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What every part of a run works with. ``began`` is when the run began on the options' clock.

    ``bystanders`` are pods of others that are destinations of the run, in the author's names.
    """

    cluster: Cluster
    options: RunOptions
    placement: Placement
    watcher: Watcher
    figures: Figures
    began: float
    bystanders: frozenset[PodRef] = frozenset()

    @property
    def control_namespace(self) -> str:
        """The name of the control namespace, which no placed namespace has."""
        name = f"np-{self.options.run_id}-control"
        while name in self.placement.namespaces:
            name += "0"
        return name

    @property
    def namespaces(self) -> tuple[str, ...]:
        """All namespaces of the run, placed, the control namespace last."""
        return (*self.placement.namespaces, self.control_namespace)

    @property
    def limits(self) -> Limits:
        """What this run allows itself: its part of what the cluster allows to all runs together."""
        limits, runs = self.cluster.limits, self.options.side_by_side
        per_second = limits.connections_per_second
        return replace(
            limits,
            flows_in_flight=max(1, limits.flows_in_flight // runs),
            connections_per_second=None if per_second is None else max(1, per_second // runs),
        )

    @property
    def no_effect_seconds(self) -> float:
        """After so long a policy of netprobe's own that had no effect on a node will have none."""
        known = self.cluster.limits.no_effect_seconds
        return self.options.settle if known is None else min(known, self.options.settle)

    @property
    def run_labels(self) -> Mapping[str, str]:
        """The labels of everything that the run creates."""
        return {RUN_LABEL: self.options.run_id, EXPIRES: self._expiry()}

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations of everything that the run creates."""
        return {EXPIRES: self._expiry()}

    def now(self) -> float:
        """Seconds since the run began."""
        return self.options.clock.now() - self.began

    def _expiry(self) -> str:
        end = self.options.started + timedelta(hours=self.options.expiry_hours)
        return str(int(end.timestamp()))
