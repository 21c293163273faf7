"""The audit as a scenario: its files, as if somebody had written them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from netprobe.audit.board.cases import Phase
from netprobe.audit.board.pods import (
    HOME,
    NAMESPACES,
    OUTSIDE,
    OUTSIDE_PORT,
    PODS,
    PORTS,
    SERVICES,
    SWAPPED,
    BoardPod,
)
from netprobe.audit.canaries import POLICIES as CANARY_POLICIES
from netprobe.audit.canaries import PORTS as CANARY_PORTS
from netprobe.audit.canaries import canary_pods
from netprobe.audit.nodes import AuditedNode

NAME = "enforcement-audit"

_CHANGED_LABELS: tuple[Mapping[str, Any], ...] = (
    {"workload": "home/joiner", "labels": {"role": "member", "mark": ""}},
    {"workload": "home/leaver", "labels": {"role": "guest"}},
    {"workload": "home/target", "labels": {"guarded": "yes"}},
    {"namespace": "away", "labels": {"trusted": "yes", "leaving": None}},
)
_DELETED = ("NetworkPolicy home/temporary", "NetworkPolicy home/union-api")
_RESTARTED = ("home/newcomer", "home/fresh")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A probe: an intent line in a phase."""

    phase: Phase
    text: str
    allowed: bool

    @property
    def full(self) -> str:
        """The line with its protocol and its way, so that it means one flow."""
        edge, _, way = self.text.partition(" via ")
        named = edge if edge.rpartition("/")[2] in ("tcp", "udp", "sctp") else f"{edge}/tcp"
        return f"{named} via {way or 'ip'}"


def board_policies(*, ipv6: bool = False) -> str:
    """The policies of the board as YAML; ``ipv6`` says which family the pods have."""
    text = files("netprobe.audit.board").joinpath("policies.yaml").read_text(encoding="utf-8")
    return text.replace("EVERYTHING", "::/0" if ipv6 else "0.0.0.0/0").replace("OUTSIDE", f"{OUTSIDE}/32")


def changed_policies(name: str) -> str:
    """The policies that are replaced (``updated``), or that come later (``late``)."""
    return files("netprobe.audit.board").joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def scenario_files(
    nodes: Sequence[AuditedNode],
    lines: Iterable[Line],
    *,
    ipv6: bool = False,
    bystanders: Sequence[Mapping[str, Any]] = (),
) -> dict[str, str]:
    """Return the files of the scenario by name, for ``scenario.load.load_from_files``."""
    lines = list(lines)
    policies = board_policies(ipv6=ipv6)
    everything = ["policies.yaml", "canaries.yaml"]
    left = [each for each in _names(policies) if f"NetworkPolicy {each}" not in _DELETED]
    steps = [
        {"name": Phase.DENY.value, "apply": everything, "intent": _intent(lines, Phase.DENY)},
        {
            "name": Phase.CHANGE.value,
            "apply": ["late.yaml"],
            "replace": ["updated.yaml"],
            "delete": list(_DELETED),
            "label": list(_CHANGED_LABELS),
            "restart": list(_RESTARTED),
            "intent": _intent(lines, Phase.CHANGE),
        },
        {
            "name": Phase.OPEN.value,
            "delete": [*(f"NetworkPolicy {name}" for name in left), "canaries.yaml", "late.yaml"],
            "intent": _intent(lines, Phase.OPEN),
        },
    ]
    scenario = {
        "netprobe": 1,
        "name": NAME,
        "title": "Does this network enforce NetworkPolicies?",
        "workloads": ["workloads.yaml"],
        "via": ["ip", "service"],
        "external": [{"name": "outside", "address": OUTSIDE, "ports": [OUTSIDE_PORT]}],
        "steps": steps,
    }
    if bystanders:
        scenario["bystanders"] = list(bystanders)
    return {
        "scenario.yaml": json.dumps(scenario, indent=1, ensure_ascii=False),
        "workloads.yaml": "\n---\n".join(json.dumps(body) for body in _objects(nodes)),
        "policies.yaml": policies,
        "updated.yaml": changed_policies("updated"),
        "late.yaml": changed_policies("late"),
        "canaries.yaml": CANARY_POLICIES,
    }


def _intent(lines: Sequence[Line], phase: Phase) -> dict[str, Any]:
    mine = [line for line in lines if line.phase is phase]
    return {
        "default": "none",
        "allow": list(dict.fromkeys(line.full for line in mine if line.allowed)),
        "deny": list(dict.fromkeys(line.full for line in mine if not line.allowed)),
    }


def _names(policies: str) -> list[str]:
    """``NAMESPACE/NAME`` of each policy of the board, which writes its metadata in one line."""
    found = re.findall(r"^metadata: \{name: (\S+), namespace: (\S+)\}$", policies, re.MULTILINE)
    return [f"{namespace}/{name}" for name, namespace in found]


def _objects(nodes: Sequence[AuditedNode]) -> Iterable[Mapping[str, Any]]:
    for name, labels in NAMESPACES.items():
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(labels)}}
    for pod in PODS:
        yield _deployment(pod, nodes[pod.place % len(nodes)], SWAPPED if pod.swapped else PORTS)
    for pod in canary_pods(len(nodes)):
        yield _deployment(pod, nodes[pod.place], CANARY_PORTS)
    for name, (selector, port) in SERVICES.items():
        yield {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name, "namespace": HOME},
            "spec": {"selector": dict(selector), "ports": [{"port": port, "targetPort": 8080}]},
        }


def _deployment(pod: BoardPod, node: AuditedNode, ports: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    own = {"audit-pod": pod.name}
    tolerations = [
        {"key": taint.get("key"), "operator": "Exists", "effect": taint.get("effect")}
        for taint in node.taints
    ]
    spec: dict[str, Any] = {
        "nodeSelector": {"kubernetes.io/hostname": node.hostname},
        "containers": [{"name": "server", "image": "any", "ports": [dict(port) for port in ports]}],
    }
    if tolerations:
        spec["tolerations"] = tolerations
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": pod.name, "namespace": pod.namespace},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": own},
            "template": {"metadata": {"labels": {**pod.labels, **own}}, "spec": spec},
        },
    }
