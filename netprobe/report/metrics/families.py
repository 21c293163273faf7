"""Families of metrics as plain data, and those that runs and audits share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from netprobe.model.run import ClusterDescription

SUCCESS = "last_success_timestamp_seconds"
"""The end of the name of a metric whose value outlives a run without success."""

RUN = "last_run_timestamp_seconds"
"""The end of the name of its companion: when the latest run ended, successful or not."""


@dataclass(frozen=True, slots=True)
class Family:
    """A gauge: its name, what it says, names of labels, and samples (values of the labels, value)."""

    name: str
    says: str
    labels: tuple[str, ...] = ()
    samples: list[tuple[tuple[str, ...], float]] = field(default_factory=list)

    def add(self, value: float, *labels: str) -> None:
        """Add a sample."""
        self.samples.append((labels, value))

    def add_states(self, known: Iterable[str], found: str, *labels: str) -> None:
        """Add one sample for each state: 1 for the one that was found, 0 for the others."""
        for state in known:
            self.add(float(state == found), *labels, state)


def info(version: str, clusters: Iterable[ClusterDescription]) -> Family:
    """What was measured by what: always 1."""
    family = Family(
        "netprobe_info",
        "The netprobe that measured, and the cluster that it measured; always 1.",
        ("cluster", "version", "cluster_version", "kind"),
    )
    for labels in dict.fromkeys((each.name, version, each.version, each.kind) for each in clusters):
        family.add(1, *labels)
    return family


def end_of(started: str, seconds: float) -> float:
    """When something ended that began at ``started`` (ISO 8601), in seconds since the epoch."""
    return round(datetime.fromisoformat(started).timestamp() + seconds, 3)
