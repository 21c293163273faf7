"""Why a CNI does not get ready: the last words of its containers, and troubles that are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netprobe.cluster.kube.kinds import collection_path, object_path
from netprobe.cluster.kube.readiness import matches
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import ObjectRef
from netprobe.cluster.providers.kind.conditions import Condition
from netprobe.cluster.providers.kind.recipe import Sign
from netprobe.errors import EnvironmentFailure

_MOST_PODS = 2
"""Pods whose logs are shown: on the other nodes it is mostly the same."""
_LINES = 6
_READ_LINES = 200
"""Lines in which known troubles are looked for."""
_WIDEST = 240


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis:
    """``lines`` to read, and the remedies of troubles that are ``known``."""

    lines: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def diagnose(
    rest: Rest, broken: Sequence[Condition], troubles: Mapping[str, str], signs: Sequence[Sign]
) -> Diagnosis:
    """Look at the pods behind the conditions that do not hold; what cannot be read is left out."""
    lines: list[str] = []
    words = [*troubles.values()]
    for condition in broken:
        if condition.workload is not None:
            for title, log in _logs(rest, condition.workload):
                words.append(log)
                last = [line.rstrip()[:_WIDEST] for line in log.splitlines() if line.strip()][-_LINES:]
                lines += [f"last words of {title}:", *(f"    {line}" for line in last)]
    text = "\n".join(words)
    found = [f"{sign.means} (known from {sign.source})" for sign in signs if sign.says in text]
    return Diagnosis(lines=tuple(lines), known=tuple(dict.fromkeys(found)))


def _logs(rest: Rest, workload: ObjectRef) -> Iterator[tuple[str, str]]:
    """The logs of containers that do not run as they should: (pod and container, text)."""
    try:
        body = rest.get(object_path(workload))
        pods = rest.items(collection_path("Pod", workload.namespace))
    except EnvironmentFailure:
        return
    selector = (body.get("spec") or {}).get("selector") or {}
    mine = [pod for pod in pods if matches(selector, pod["metadata"].get("labels") or {})]
    unready = [pod for pod in mine if any(_failing(pod))]
    for pod in unready[:_MOST_PODS]:
        name = str(pod["metadata"]["name"])
        for container, previous in _failing(pod):
            text = _log(rest, workload.namespace, name, container, previous=previous)
            if text.strip():
                yield f"{workload.namespace}/{name}, container {container}", text


def _failing(pod: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """The containers that started once and are not ready; whether the log is that of the run before."""
    status = pod.get("status") or {}
    for each in status.get("initContainerStatuses") or ():
        ended = (each.get("state") or {}).get("terminated") or {}
        if each.get("restartCount") or ended.get("exitCode"):
            yield str(each["name"]), _is_waiting(each)
    for each in status.get("containerStatuses") or ():
        started = each.get("restartCount") or "running" in (each.get("state") or {})
        if started and not each.get("ready"):
            yield str(each["name"]), _is_waiting(each)


def _is_waiting(status: Mapping[str, Any]) -> bool:
    return "waiting" in (status.get("state") or {})


def _log(rest: Rest, namespace: str, pod: str, container: str, *, previous: bool) -> str:
    path = f"{object_path(ObjectRef(api_version='v1', kind='Pod', name=pod, namespace=namespace))}/log"
    query = {"container": container, "tailLines": str(_READ_LINES)}
    try:
        return rest.text(path, {**query, "previous": "true"} if previous else query)
    except EnvironmentFailure:
        return ""
