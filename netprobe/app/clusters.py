"""Clusters by the word of ``--cluster``: ``KIND`` or ``KIND:ARGUMENT``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast, runtime_checkable

from netprobe.app.late import load
from netprobe.cluster.port import Cluster, Maker, Provider, Terms
from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.runner.clock import Clock, SystemClock

PROVIDERS: Mapping[str, str] = {
    "lab": "netprobe.cluster.providers.lab:LabProvider",
    "running-lab": "netprobe.cluster.providers.running_lab:RunningLabProvider",
    "context": "netprobe.cluster.providers.existing:ExistingProvider",
    "kind": "netprobe.cluster.providers.kind.provider:KindProvider",
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


MADE = frozenset({"kind"})
"""Kinds whose clusters are made for a run, on ``Terms``."""


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


def open_cluster(word: str, terms: Terms | None = None) -> Cluster:
    """Return the cluster that ``word`` names; the caller closes it. ``terms`` are for one that is made.

    Raises InputError for an unknown kind or argument, EnvironmentFailure when it does not answer.
    """
    kind, _, argument = word.partition(":")
    provider = load(find_provider(kind))()
    if isinstance(provider, Maker):
        return provider.make(argument, terms or Terms())
    return cast("Provider", provider).open(argument)


def check_terms(word: str, terms: Terms) -> None:
    """Raise InputError for terms that the cluster which ``word`` names cannot be opened on."""
    kind = word.partition(":")[0]
    find_provider(kind)
    if terms.keep and kind == "lab":
        raise InputError(
            "--keep keeps nothing on the lab, which ends with its run",
            remedy="use --keep with --cluster running-lab, kind or context",
        )
    given = [option for option, value in (("--reuse", terms.reuse), ("--images-from", terms.images)) if value]
    if given and kind not in MADE:
        raise InputError(
            f"{' and '.join(given)} is for clusters that netprobe makes with kind, not for {word}",
            remedy="use it with --cluster kind:CNI",
        )


def check_there(word: str) -> None:
    """Raise InputError for a cluster that would only be made now: there is nothing on it to look at."""
    kind = word.partition(":")[0]
    if kind in MADE:
        raise InputError(
            f"--cluster {word} would make a new cluster, with nothing on it",
            remedy="for one that --keep left, give its context: --cluster context:kind-NAME",
        )


def find_provider(kind: str) -> str:
    """Return the dotted path of the provider for ``kind``; raises InputError for an unknown one."""
    known = {**PROVIDERS, **REHEARSAL}
    if kind in known:
        return known[kind]
    near = did_you_mean(kind, PROVIDERS)
    raise InputError(
        f'there is no kind of cluster "{kind}"' + (f"; {near}" if near else ""),
        remedy="give lab, lab:PROFILE, running-lab[:NAME], kind, kind:CNI, context or context:NAME",
    )


def clock_of(cluster: Cluster) -> Clock:
    """Return the clock that a run on ``cluster`` follows."""
    return cluster.clock if isinstance(cluster, KeepsTime) else SystemClock()
