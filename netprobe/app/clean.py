"""Remove what runs left behind on a cluster: the namespaces that carry netprobe's labels, and no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from netprobe.app.clusters import check_there, find_provider, open_cluster
from netprobe.cluster.port import Body, Cluster
from netprobe.errors import EnvironmentFailure, InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.runner.site import EXPIRES, RUN_LABEL

_GONE_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True, slots=True)
class CleanRequest:
    """What to remove: the namespaces of ``runs``, or (none given) of those expired at ``now``."""

    now: datetime
    runs: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Leftover:
    """A namespace of a run; ``expires`` None: what it says is no time, so it does not expire."""

    namespace: str
    run: str
    expires: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """What was removed (with ``dry_run``: what would be), and which namespaces of runs were left alone."""

    removed: tuple[Leftover, ...]
    kept: tuple[Leftover, ...]


def leaves_nothing(word: str) -> bool:
    """Whether the cluster of this word begins and ends with a run; raises InputError for an unknown kind."""
    kind = word.partition(":")[0]
    find_provider(kind)
    return kind == "lab"


def clean_cluster(word: str, request: CleanRequest, tell: Callable[[str], None]) -> Cleaned:
    """Open the cluster, remove what ``request`` says, and wait until it is gone.

    Raises InputError (unknown cluster or run), EnvironmentFailure (no answer, forbidden, not gone).
    """
    tell(f"opening the cluster {word}")
    check_there(word)
    cluster = open_cluster(word)
    try:
        return clean(cluster, request, tell)
    finally:
        cluster.close()


def clean(cluster: Cluster, request: CleanRequest, tell: Callable[[str], None]) -> Cleaned:
    """The same on an open cluster."""
    namespaces = cluster.read(()).namespaces
    if not namespaces:  # every cluster has some: not to be allowed to list them is not "nothing to remove"
        raise EnvironmentFailure(
            "your account may not list the namespaces of the cluster, so nobody knows what is left there",
            remedy="use an account that may list and delete namespaces",
        )
    found = leftovers(namespaces)
    chosen = _choose(found, request)
    if chosen and not request.dry_run:
        tell(f"removing {len(chosen)} namespace{'s' if len(chosen) > 1 else ''}, which takes a while")
        for leftover in chosen:
            cluster.delete_leftover(leftover.namespace, leftover.run)
        cluster.wait_gone([leftover.namespace for leftover in chosen], _GONE_SECONDS)
    kept = tuple(leftover for leftover in found if leftover not in chosen)
    return Cleaned(removed=chosen, kept=kept)


def leftovers(namespaces: Sequence[Body]) -> tuple[Leftover, ...]:
    """The namespaces that runs made: those with both of netprobe's labels, by run and name."""
    found = []
    for body in namespaces:
        metadata = body.get("metadata")
        assert isinstance(metadata, Mapping)
        labels = metadata.get("labels") or {}
        if labels.get(RUN_LABEL) and EXPIRES in labels:
            found.append(
                Leftover(
                    namespace=str(metadata["name"]),
                    run=str(labels[RUN_LABEL]),
                    expires=_time(str(labels[EXPIRES])),
                )
            )
    return tuple(sorted(found, key=lambda each: (each.run, each.namespace)))


def _choose(found: Sequence[Leftover], request: CleanRequest) -> tuple[Leftover, ...]:
    if request.runs:
        known = {leftover.run for leftover in found}
        for run in request.runs:
            if run not in known:
                near = did_you_mean(run, known)
                raise InputError(
                    f'no namespace of a run "{run}" is there' + (f"; {near}" if near else ""),
                    remedy=f"runs that left some: {', '.join(sorted(known)) or 'none'}",
                )
        return tuple(leftover for leftover in found if leftover.run in request.runs)
    return tuple(
        leftover for leftover in found if leftover.expires is not None and leftover.expires <= request.now
    )


def _time(text: str) -> datetime | None:
    """Seconds since the epoch as a time; None for anything else."""
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None
