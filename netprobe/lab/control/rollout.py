"""How a Deployment moves from old ReplicaSets to the current one, and what its status says. Pure."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from netprobe.lab.control.conditions import Condition, set_condition, write_counts
from netprobe.lab.store.objects import Object


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollout:
    """A Deployment, its template's ReplicaSet, the older ones, and how many pods those still have."""

    deployment: Object
    current: Object
    old: tuple[Object, ...] = ()
    old_pods: int = 0


def plan_rollout(rollout: Rollout) -> Iterator[tuple[Object, int]]:
    """The ReplicaSets and the replicas that each may have now.

    Recreate: nothing new before the last old pod has left. RollingUpdate: never more than replicas
    + maxSurge pods, never fewer than replicas - maxUnavailable available ones.
    """
    wanted = rollout.deployment["spec"].get("replicas", 1)
    if (rollout.deployment["spec"].get("strategy") or {}).get("type") == "Recreate":
        for old in rollout.old:
            yield old, 0
        yield rollout.current, 0 if rollout.old_pods else wanted
        return
    surge, unavailable = _limits(rollout.deployment)
    present = _replicas(rollout.current)
    total = present + sum(map(_replicas, rollout.old))
    room = max(0, wanted + surge - total)
    grown = min(wanted, present + room)
    yield rollout.current, grown
    not_yet = grown - min(grown, _available(rollout.current))
    removable = max(0, total - present + grown - (wanted - unavailable) - not_yet)
    for old in rollout.old:
        taken = min(_replicas(old), removable)
        removable -= taken
        yield old, _replicas(old) - taken


def deployment_status(deployment: Object, current: Object | None, old: Sequence[Object], now: str) -> Object:
    """The Deployment's status, counted from its ReplicaSets; zero counts are left out."""
    sets = [*old, *([current] if current is not None else [])]
    wanted = deployment["spec"].get("replicas", 1)
    available = sum(map(_available, sets))
    updated = _count(current, "replicas") if current is not None else 0
    total = sum(_count(one, "replicas") for one in sets)
    status: Object = copy.deepcopy(deployment.get("status") or {})
    status["observedGeneration"] = deployment["metadata"].get("generation", 1)
    counts = {
        "replicas": total,
        "updatedReplicas": updated,
        "readyReplicas": sum(_count(one, "readyReplicas") for one in sets),
        "availableReplicas": available,
        "unavailableReplicas": max(0, max(wanted, total) - available),
    }
    write_counts(status, counts)
    enough = available >= wanted - _limits(deployment)[1]
    reason = "MinimumReplicasAvailable" if enough else "MinimumReplicasUnavailable"
    message = f"{available} of {wanted} replicas are available."
    condition = Condition(type="Available", holds=enough, reason=reason, message=message)
    set_condition(status, condition, now, dated=True)
    done = updated == wanted == total == available
    reason = "NewReplicaSetAvailable" if done else "ReplicaSetUpdated"
    condition = Condition(
        type="Progressing", holds=True, reason=reason, message=_progress(current, done=done)
    )
    set_condition(status, condition, now, dated=True)
    return status


def _progress(current: Object | None, *, done: bool) -> str:
    if current is None:
        return "The rollout is paused before its first ReplicaSet."
    name = current["metadata"]["name"]
    return f"ReplicaSet {name} is rolled out." if done else f"ReplicaSet {name} is being rolled out."


def _limits(deployment: Object) -> tuple[int, int]:
    """(maxSurge, maxUnavailable) in pods; percentages round up and down, and both cannot be zero."""
    rolling = (deployment["spec"].get("strategy") or {}).get("rollingUpdate") or {}
    wanted = deployment["spec"].get("replicas", 1)
    surge = math.ceil(_share(rolling.get("maxSurge", "25%"), wanted))
    unavailable = math.floor(_share(rolling.get("maxUnavailable", "25%"), wanted))
    return (surge, unavailable) if surge or unavailable else (0, 1)


def _share(value: Any, whole: int) -> float:
    text = str(value)
    return int(text[:-1]) * whole / 100 if text.endswith("%") else float(text)


def _replicas(replica_set: Object) -> int:
    return int(replica_set["spec"].get("replicas", 1))


def _available(replica_set: Object) -> int:
    return _count(replica_set, "availableReplicas")


def _count(replica_set: Object, name: str) -> int:
    return int((replica_set.get("status") or {}).get(name) or 0)
