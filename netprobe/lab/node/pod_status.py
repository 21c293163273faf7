"""The status of a pod, from the states of its containers. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from netprobe.lab.store.objects import Object


@dataclass(kw_only=True, slots=True)
class ContainerState:
    """Where a container stands; ``state`` and ``last`` have the shape of the API's ContainerState."""

    name: str
    image: str
    state: dict[str, Any] = field(default_factory=lambda: {"waiting": {"reason": "ContainerCreating"}})
    last: dict[str, Any] = field(default_factory=dict)
    identity: str = ""
    restarts: int = 0
    ready: bool = False

    @property
    def was_started(self) -> bool:
        """Whether it runs or ever ran."""
        return "waiting" not in self.state or bool(self.last)

    def will_not_run_again(self, restart_policy: str) -> bool:
        """Whether it has ended for good."""
        if "terminated" not in self.state or restart_policy == "Always":
            return False
        return restart_policy == "Never" or self.state["terminated"]["exitCode"] == 0


@dataclass(kw_only=True, slots=True)
class PodState:
    """Where a pod stands on its node; addresses are "" until the sandbox exists."""

    host_ip: str
    started_at: str
    containers: tuple[ContainerState, ...]
    pod_ip: str = ""

    def phase(self, restart_policy: str) -> str:
        """The phase, as the reference defines it (Pod Lifecycle, Pod phase)."""
        if all(one.will_not_run_again(restart_policy) for one in self.containers):
            failed = any(one.state["terminated"]["exitCode"] for one in self.containers)
            return "Failed" if failed else "Succeeded"
        return "Running" if all(one.was_started for one in self.containers) else "Pending"


def write_status(pod: Object, state: PodState, now: str) -> None:
    """Put ``state`` into the pod's status; conditions that others own stay as they are."""
    spec, status = pod["spec"], pod.setdefault("status", {})
    phase = state.phase(spec.get("restartPolicy") or "Always")
    status["observedGeneration"] = pod["metadata"].get("generation", 1)
    status["phase"] = phase
    status["hostIP"] = state.host_ip
    status["hostIPs"] = [{"ip": state.host_ip}]
    status["startTime"] = state.started_at
    if state.pod_ip:
        status["podIP"] = state.pod_ip
        status["podIPs"] = [{"ip": state.pod_ip}]
    asked = {container["name"]: container.get("resources") or {} for container in spec["containers"]}
    status["containerStatuses"] = [
        {**_container_status(one), "resources": asked.get(one.name, {})} for one in state.containers
    ]
    status["resources"] = spec.get("resources") or {}
    status.setdefault("qosClass", _quality(spec["containers"]))
    unready = [one.name for one in state.containers if not one.ready]
    reason = "PodCompleted" if phase in {"Succeeded", "Failed"} else "ContainersNotReady"
    why = {"reason": reason, "message": f"containers with unready status: [{' '.join(unready)}]"}
    sandboxed = bool(state.pod_ip) and phase not in {"Succeeded", "Failed"}
    _condition(pod, "PodReadyToStartContainers", {}, now, met=sandboxed)
    _condition(pod, "Initialized", {}, now, met=True)
    _condition(pod, "Ready", why, now, met=not unready)
    _condition(pod, "ContainersReady", why, now, met=not unready)
    # Also where no scheduler was asked: a pod made with a nodeName of its own.
    _condition(pod, "PodScheduled", {}, now, met=True)


def _condition(pod: Object, kind: str, why: Mapping[str, str], now: str, *, met: bool) -> None:
    """Set a condition; its transition time moves only when its status does."""
    conditions: list[dict[str, Any]] = pod["status"].setdefault("conditions", [])
    new: dict[str, Any] = {
        "type": kind,
        "observedGeneration": pod["metadata"].get("generation", 1),
        "status": "True" if met else "False",
        "lastProbeTime": None,
        "lastTransitionTime": now,
        **({} if met else why),
    }
    for index, old in enumerate(conditions):
        if old["type"] == kind:
            if old["status"] == new["status"]:
                new["lastTransitionTime"] = old["lastTransitionTime"]
            conditions[index] = new
            return
    conditions.append(new)


def _container_status(one: ContainerState) -> dict[str, Any]:
    started = "running" in one.state
    return {
        "name": one.name,
        "state": one.state,
        "lastState": one.last,
        "ready": one.ready,
        "restartCount": one.restarts,
        "image": one.image,
        "imageID": f"sha256:{hashlib.sha256(one.image.encode()).hexdigest()}" if one.was_started else "",
        **({"containerID": one.identity} if one.identity else {}),
        "started": started,
    }


def _quality(containers: Sequence[Mapping[str, Any]]) -> str:
    resources = [container.get("resources") or {} for container in containers]
    if not any(one.get("requests") or one.get("limits") for one in resources):
        return "BestEffort"
    equal = all(
        {"cpu", "memory"} <= set(one.get("limits") or {})
        and one["limits"] == {**one["limits"], **(one.get("requests") or {})}
        for one in resources
    )
    return "Guaranteed" if equal else "Burstable"
