"""Which workloads and Services are ready, and in words why the others are not (no I/O)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netprobe.cluster.port import ObjectRef

Object = Mapping[str, Any]
_STARTING = ("ContainerCreating", "PodInitializing")
"""Reasons for waiting that say nothing but that it takes its time."""

_NO_IMAGE = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")
"""Reasons for waiting of a container whose image is not to be had."""

SECOND_PULL = 12.0
"""Seconds by which a kubelet has tried a second time: it waits 10 s after the first."""

FURTHER_TRIES = 10.0
"""Seconds in which a controller has tried several times more to create pods."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What one namespace holds: everything that readiness can be read from."""

    objects: Mapping[tuple[str, str], Object]
    """Workloads, pods and Services by (kind, name)."""
    pods: tuple[Object, ...] = ()
    slices: tuple[Object, ...] = ()
    events: tuple[Object, ...] = ()


def why_not_ready(ref: ObjectRef, snapshot: Snapshot) -> str:
    """Why the object is not ready, "" when it is."""
    body = snapshot.objects.get((ref.kind, ref.name))
    if body is None:
        return "there is no such object"
    if ref.kind == "Service":
        return _service_trouble(body, snapshot)
    if ref.kind == "Pod":
        return _pod_trouble(body, snapshot.events)
    if ref.kind in ("Deployment", "ReplicaSet", "DaemonSet"):
        return _workload_trouble(ref, body, snapshot)
    return ""


def hopeless_after(ref: ObjectRef, snapshot: Snapshot) -> float | None:
    """Seconds after which an object that stays as it is now is not worth waiting for; None: it may get ready.

    An image that cannot be pulled is given one more try of the kubelet's, pods that may not be created
    (a quota, an admission webhook) some more of the controller's.
    """
    body = snapshot.objects.get((ref.kind, ref.name))
    if body is None or ref.kind not in ("Deployment", "ReplicaSet", "DaemonSet"):
        return None
    pods = [pod for pod in _pods_of(body, snapshot.pods) if not pod["metadata"].get("deletionTimestamp")]
    if pods:
        return SECOND_PULL if all(map(_lacks_image, pods)) else None
    return FURTHER_TRIES if _is_refused(ref, body, snapshot) else None


def _lacks_image(pod: Object) -> bool:
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    reasons = [((each.get("state") or {}).get("waiting") or {}).get("reason") for each in statuses]
    return any(reason in _NO_IMAGE for reason in reasons)


def _is_refused(ref: ObjectRef, body: Object, snapshot: Snapshot) -> bool:
    """Whether the controller was told that it may not create the pods."""
    owners = _owners(ref, snapshot)
    return bool(_conditions(body.get("status") or {})) or any(
        event.get("type") == "Warning"
        and event.get("reason") == "FailedCreate"
        and (event["involvedObject"].get("kind"), event["involvedObject"].get("name")) in owners
        for event in snapshot.events
    )


def matches(selector: Object, labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector selects the labels."""
    equal = selector.get("matchLabels") or {}
    rules = selector.get("matchExpressions") or ()
    return all(labels.get(key) == value for key, value in equal.items()) and all(
        _holds(rule, labels) for rule in rules
    )


def _holds(rule: Object, labels: Mapping[str, str]) -> bool:
    key, values = rule["key"], rule.get("values") or ()
    match rule["operator"]:
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels


def _workload_trouble(ref: ObjectRef, body: Object, snapshot: Snapshot) -> str:
    """A workload is ready when exactly its own pods are there, none is ending, and all are Ready."""
    pods = _pods_of(body, snapshot.pods)
    staying = [pod for pod in pods if not pod["metadata"].get("deletionTimestamp")]
    troubles = [trouble for pod in staying if (trouble := _pod_trouble(pod, snapshot.events))]
    if troubles:
        return _joined(troubles)
    status, metadata = body.get("status") or {}, body["metadata"]
    if status.get("observedGeneration", 0) < metadata.get("generation", 0):
        return "its controller has not acted yet"
    wanted, updated = _wanted_and_updated(ref.kind, body)
    if len(staying) < wanted or updated < wanted:
        missing = f"{min(len(staying), updated)} of {wanted} pods exist"
        return _joined(
            [missing, *_conditions(status), *_event_words(_owners(ref, snapshot), snapshot.events)]
        )
    if len(staying) > wanted:
        return f"{len(staying) - wanted} pod(s) of an earlier version are still there"
    ending = [pod["metadata"]["name"] for pod in pods if pod not in staying]
    return f"pod {', '.join(ending)} is still terminating" if ending else ""


def _wanted_and_updated(kind: str, body: Object) -> tuple[int, int]:
    """How many pods there shall be, and how many of them have the present template."""
    status = body.get("status") or {}
    if kind == "DaemonSet":
        return status.get("desiredNumberScheduled", 0), status.get("updatedNumberScheduled", 0)
    wanted = (body.get("spec") or {}).get("replicas", 1)
    updated = status.get("updatedReplicas", 0) if kind == "Deployment" else wanted
    return wanted, updated


def _pods_of(body: Object, pods: Sequence[Object]) -> list[Object]:
    selector = (body.get("spec") or {}).get("selector") or {}
    return [pod for pod in pods if matches(selector, pod["metadata"].get("labels") or {})]


def _pod_trouble(pod: Object, events: Sequence[Object]) -> str:
    status, name = pod.get("status") or {}, pod["metadata"]["name"]
    conditions = {each["type"]: each for each in status.get("conditions") or ()}
    if conditions.get("Ready", {}).get("status") == "True":
        return ""
    scheduled = conditions.get("PodScheduled", {})
    if scheduled.get("status") == "False":
        return f"pod {name} cannot be scheduled: {scheduled.get('message', scheduled.get('reason', ''))}"
    words = list(_container_words(status.get("containerStatuses") or ()))
    # Repeating "back-off" says less than the event that began it, unless it repeats the event, too.
    words += [each for each in _event_words([("Pod", name)], events) if not _is_told(each, words)]
    return f"pod {name} is {status.get('phase', 'Pending')}: {_joined(words) or 'its containers start'}"


def _is_told(event: str, words: Iterable[str]) -> bool:
    """Whether words hold the cause that an event gives after its colon."""
    cause = event.partition(": ")[2]
    return bool(cause) and any(cause in each for each in words)


def _container_words(statuses: Iterable[Object]) -> Iterator[str]:
    """What keeps containers from running; several with the same reason are told together."""
    waiting: dict[str, list[str]] = {}
    ended: list[str] = []
    for status in statuses:
        why = (status.get("state") or {}).get("waiting") or {}
        last = (status.get("lastState") or {}).get("terminated") or {}
        if why.get("reason", _STARTING[0]) not in _STARTING:
            words = f"{why['reason']} ({why.get('message', '').strip()})"
            waiting.setdefault(words, []).append(status["name"])
        if last:
            ended.append(f"it ended with exit code {last.get('exitCode')} ({last.get('reason', '')})")
    for words, names in waiting.items():
        yield f"container{'s' if len(names) > 1 else ''} {', '.join(names)}: {words}"
    yield from ended


def _conditions(status: Object) -> list[str]:
    """What a Deployment says about pods that it cannot make."""
    return [
        str(each.get("message", each["type"]))
        for each in status.get("conditions") or ()
        if each["type"] == "ReplicaFailure" and each.get("status") == "True"
    ]


def _owners(ref: ObjectRef, snapshot: Snapshot) -> list[tuple[str, str]]:
    """The workload and its ReplicaSets, whose events tell why pods are missing."""
    sets = [name for kind, name in snapshot.objects if kind == "ReplicaSet"]
    mine = [("ReplicaSet", name) for name in sets if name.rpartition("-")[0] == ref.name]
    return [(ref.kind, ref.name), *mine]


def _event_words(owners: Sequence[tuple[str, str]], events: Sequence[Object]) -> list[str]:
    """The latest warning about any of these objects."""
    warnings = [
        event
        for event in events
        if event.get("type") == "Warning"
        and (event["involvedObject"].get("kind"), event["involvedObject"].get("name")) in owners
        and event.get("reason") != "BackOff"
    ]
    latest = max(warnings, key=_telling, default=None)
    return [str(latest.get("message", "")).strip()] if latest else []


def _telling(event: Object) -> tuple[str, int]:
    """Later events first, of the same second the one that says most."""
    return str(event.get("lastTimestamp") or ""), len(str(event.get("message", "")))


def _service_trouble(service: Object, snapshot: Snapshot) -> str:
    """A Service is ready when every Ready pod that it selects is among its ready endpoints."""
    selector = (service.get("spec") or {}).get("selector")
    if not selector:
        return ""
    name = service["metadata"]["name"]
    ready = {
        address
        for each in snapshot.slices
        if (each["metadata"].get("labels") or {}).get("kubernetes.io/service-name") == name
        for endpoint in each.get("endpoints") or ()
        if (endpoint.get("conditions") or {}).get("ready", True)
        for address in endpoint.get("addresses") or ()
    }
    pods = [
        pod
        for pod in snapshot.pods
        if matches({"matchLabels": selector}, pod["metadata"].get("labels") or {})
        and not pod["metadata"].get("deletionTimestamp")
    ]
    missing = [pod["metadata"]["name"] for pod in pods if not _addresses(pod) & ready]
    extra = ready - {address for pod in pods for address in _addresses(pod)}
    if missing:
        return f"pod {', '.join(missing)} is not among its endpoints"
    return f"{', '.join(sorted(extra))} is an endpoint without a pod" if extra else ""


def _addresses(pod: Object) -> set[str]:
    status = pod.get("status") or {}
    return {str(each["ip"]) for each in status.get("podIPs") or ()} | (
        {str(status["podIP"])} if status.get("podIP") else set()
    )


def _joined(words: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(word for word in words if word))
