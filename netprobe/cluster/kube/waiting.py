"""Waiting for workloads, Services and namespaces, with a deadline and a reason when it passes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_exponential

from netprobe.cluster.kube.kinds import collection_path, object_path
from netprobe.cluster.kube.readiness import Snapshot, hopeless_after, why_not_ready
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import ObjectRef
from netprobe.errors import EnvironmentFailure, Refused

_MOST_NAMED = 3
"""Objects that are named when they do not get ready; the reason is the same for all, mostly."""

Troubles = TypeVar("Troubles", bound=dict[ObjectRef, str] | dict[str, str])


def wait_until_ready(rest: Rest, refs: Sequence[ObjectRef], deadline: float) -> None:
    """Return when every object is ready; raise EnvironmentFailure naming those that are not, and why.

    That is at the deadline, or earlier when an object stays as it cannot get ready from.
    """
    began = time.monotonic()
    hopeless: dict[ObjectRef, float] = {}
    by_namespace: dict[str, list[ObjectRef]] = defaultdict(list)
    for ref in refs:
        by_namespace[ref.namespace].append(ref)

    def troubles() -> dict[ObjectRef, str]:
        found: dict[ObjectRef, str] = {}
        for namespace, members in list(by_namespace.items()):
            snapshot = take_snapshot(rest, namespace, {ref.kind for ref in members})
            here = {ref: why for ref in members if (why := why_not_ready(ref, snapshot))}
            found |= here
            now = time.monotonic()
            lost = [ref for ref in here if _is_lost(ref, snapshot, hopeless, now)]
            if lost:
                raise _not_ready({ref: here[ref] for ref in lost}, now - began)
            if not here:
                del by_namespace[namespace]
        return found

    left = _poll(troubles, deadline)
    if left:
        raise _not_ready(left, deadline)


def _is_lost(ref: ObjectRef, snapshot: Snapshot, since: dict[ObjectRef, float], now: float) -> bool:
    """Whether the object has been hopeless for long enough; ``since`` is from when, by object."""
    after = hopeless_after(ref, snapshot)
    if after is None:
        since.pop(ref, None)
        return False
    return now - since.setdefault(ref, now) >= after


def _not_ready(left: dict[ObjectRef, str], seconds: float) -> EnvironmentFailure:
    lines = [f"{ref}: {why}" for ref, why in list(left.items())[:_MOST_NAMED]]
    lines += [f"And {len(left) - len(lines)} more"] if len(left) > len(lines) else []
    return EnvironmentFailure(
        f"Not ready after {seconds:.3g} s: " + ". ".join(lines) + ".",
        remedy=f"Look with `kubectl get pods,events -n {next(iter(left)).namespace}`.",
    )


def wait_until_gone(rest: Rest, namespaces: Sequence[str], deadline: float) -> None:
    """Return when none of the namespaces exists; raise EnvironmentFailure with what holds them."""
    waiting = list(namespaces)

    def still_there() -> dict[str, str]:
        found = {name: why for name in waiting if (why := _why_still_there(rest, name)) is not None}
        waiting[:] = list(found)
        return found

    left = _poll(still_there, deadline)
    if left:
        lines = [f"{name} ({why})" if why else name for name, why in left.items()]
        raise EnvironmentFailure(
            f"After {deadline:g} s these namespaces still exist: {', '.join(lines)}.",
            remedy=f"Look with `kubectl get namespace {next(iter(left))} -o yaml`.",
        )


def take_snapshot(rest: Rest, namespace: str, kinds: set[str]) -> Snapshot:
    """Read what the readiness of these kinds can be read from (events: where they may be read)."""
    wanted = sorted(kinds | {"Pod"} | ({"ReplicaSet"} if "Deployment" in kinds else set()))
    objects = {
        (kind, str(body["metadata"]["name"])): body
        for kind in wanted
        for body in rest.items(collection_path(kind, namespace))
    }
    slices = rest.items(collection_path("EndpointSlice", namespace)) if "Service" in kinds else ()
    try:
        events = rest.items(collection_path("Event", namespace), {"fieldSelector": "type=Warning"})
    except Refused:
        events = ()
    pods = tuple(body for (kind, _), body in objects.items() if kind == "Pod")
    return Snapshot(objects=objects, pods=pods, slices=slices, events=events)


def _poll(look: Callable[[], Troubles], deadline: float) -> Troubles:
    """Look again and again, at growing intervals, until nothing is left or the deadline passes."""
    tries = Retrying(
        retry=retry_if_result(bool),
        wait=wait_exponential(multiplier=0.05, exp_base=1.5, max=1.0),
        stop=stop_after_delay(deadline),
    )
    try:
        return tries(look)
    except RetryError as error:
        last: Troubles = error.last_attempt.result()
        return last


def _why_still_there(rest: Rest, name: str) -> str | None:
    """None when the namespace is gone, else what its conditions say holds it."""
    try:
        body = rest.get(object_path(ObjectRef(api_version="v1", kind="Namespace", name=name)))
    except Refused as refused:
        if refused.status == 404:
            return None
        raise
    conditions = (body.get("status") or {}).get("conditions") or ()
    return "; ".join(str(each.get("message", "")) for each in conditions if each.get("status") == "True")
