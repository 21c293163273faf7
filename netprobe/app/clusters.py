"""Clusters by the word of ``--cluster``: ``KIND`` or ``KIND:ARGUMENT``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast, runtime_checkable

from netprobe.app.late import load
from netprobe.cluster.port import Cluster, Provider
from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.runner.clock import Clock, SystemClock

PROVIDERS: Mapping[str, str] = {
    "lab": "netprobe.cluster.providers.lab:LabProvider",
    "running-lab": "netprobe.cluster.providers.running_lab:RunningLabProvider",
    "context": "netprobe.cluster.providers.existing:ExistingProvider",
}
"""Kinds of clusters that a user can name; their client libraries load when one is opened."""

REHEARSAL: Mapping[str, str] = {"simulated": "netprobe.cluster.providers.simulated:SimulatedProvider"}
"""Clusters without a network: for tests and demonstrations, not offered to users."""


@runtime_checkable
class KeepsTime(Protocol):
    """A cluster with a clock of its own (a simulated one), which a run on it must follow."""

    @property
    def clock(self) -> Clock:
        """The time on this cluster."""


@runtime_checkable
class Spells(Protocol):
    """A provider that knows, without opening anything, whether two arguments name the same cluster."""

    def spell(self, argument: str) -> str:
        """The argument in one spelling; raises InputError when it can name none."""


def canonical(word: str) -> str:
    """Return ``word`` in a spelling that is the same for the same cluster, as far as can be told.

    Raises InputError for an unknown kind, and for an argument that is known to name no cluster.
    """
    kind, _, argument = word.partition(":")
    provider = load(find_provider(kind))()
    spelled = provider.spell(argument) if isinstance(provider, Spells) else argument
    return f"{kind}:{spelled}"


def open_cluster(word: str) -> Cluster:
    """Return the cluster that ``word`` names; the caller closes it.

    Raises InputError for an unknown kind or argument, EnvironmentFailure when it does not answer.
    """
    kind, _, argument = word.partition(":")
    provider = cast("Provider", load(find_provider(kind))())
    return provider.open(argument)


def find_provider(kind: str) -> str:
    """Return the dotted path of the provider for ``kind``; raises InputError for an unknown one."""
    known = {**PROVIDERS, **REHEARSAL}
    if kind in known:
        return known[kind]
    near = did_you_mean(kind, PROVIDERS)
    raise InputError(
        f'there is no kind of cluster "{kind}"' + (f"; {near}" if near else ""),
        remedy="give lab, lab:PROFILE, running-lab, running-lab:NAME, context or context:NAME",
    )


def clock_of(cluster: Cluster) -> Clock:
    """Return the clock that a run on ``cluster`` follows."""
    return cluster.clock if isinstance(cluster, KeepsTime) else SystemClock()
