"""The audit as a scenario: its files, as if somebody had written them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from ipaddress import ip_network
from typing import Any

from netprobe.audit.board.feature import Phase
from netprobe.audit.board.pods import (
    BEYOND,
    FIRST_LABELS,
    HOME,
    NAMESPACES,
    OUTSIDE,
    OUTSIDE_NAME,
    OUTSIDE_PORT,
    OWN,
    PODS,
    PORTS,
    RUN,
    SERVICES,
    SWAPPED,
    WITH_SCTP,
    BoardPod,
    BoardService,
    Needs,
)
from netprobe.audit.canaries import POLICIES as CANARY_POLICIES
from netprobe.audit.canaries import PORTS as CANARY_PORTS
from netprobe.audit.canaries import canary_pods
from netprobe.audit.nodes import AuditedNode
from netprobe.scenario.dressing import BARE
from netprobe.scenario.first_dials import FIRST_DIAL

NAME = "enforcement-audit"

_CHANGED_LABELS: tuple[Mapping[str, Any], ...] = (
    {"workload": "home/joiner", "labels": {"role": "member", "mark": ""}},
    {"workload": "home/leaver", "labels": {"role": "guest"}},
    {"workload": "home/target", "labels": {"guarded": "yes"}},
    {"namespace": "away", "labels": {"trusted": "yes", "leaving": None}},
)
_DELETED = ("NetworkPolicy home/temporary", "NetworkPolicy home/union-api")
_RESTARTED = (
    "home/newcomer",
    "home/fresh",
    "home/moved",
    "home/lone",
    "home/limited",
    "home/set-one",
    "home/set-two",
)
_BANDWIDTH = {"kubernetes.io/ingress-bandwidth": "1G", "kubernetes.io/egress-bandwidth": "1G"}


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


_BLOCKS = {
    "OUTSIDE": (f"{OUTSIDE}/32", f"{OUTSIDE}/32"),
    "EVERYTHING": ("0.0.0.0/0", "::/0"),
}
"""Words of the policies for blocks of addresses, and the blocks of either family."""


_ROUGH = re.compile(r'"\$\{address:[^}]+/\d+\}"')
"""Addresses with prefixes: blocks with bits beyond them."""


_NAMED_AFTER_RUN = re.compile(rf"\b(?:{BEYOND}|me-np-{RUN})\b(?!-)")


def policies_of(name: str, *, ipv6: bool = False) -> str:
    """A file of policies of the board as YAML; ``ipv6`` says which family the pods have."""
    text = files("netprobe.audit.board").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    for word, blocks in _BLOCKS.items():
        text = text.replace(f'"{word}"', f'"{blocks[ipv6]}"')
    return text


def is_about(line: Line, needs: Needs) -> bool:
    """Whether the probe goes by a way that needs this, or an end of it is a pod of the board that does."""
    if needs is Needs.EXPOSURE:
        return line.text.endswith("via node-port")
    titles = [pod.title for pod in PODS if pod.needs is needs]
    return any(line.text.startswith(f"{title} ") or f" {title}:" in line.text for title in titles)


def scenario_files(
    nodes: Sequence[AuditedNode],
    lines: Iterable[Line],
    *,
    ipv6: bool = False,
    lacking: Collection[Needs] = (),
    run_id: str = RUN,
    bystanders: Sequence[Mapping[str, Any]] = (),
) -> dict[str, str]:
    """Return the files of the scenario by name, for ``scenario.load.load_from_files``.

    Names of the board in which ``RUN`` stands for the run get its id. Pods and probes of the board that
    need what the cluster is ``lacking`` are left out; rough blocks become one without such bits.
    """
    lines = [line for line in lines if not any(is_about(line, each) for each in lacking)]
    policies = policies_of("policies", ipv6=ipv6)
    rough = policies_of("rough", ipv6=ipv6)
    if Needs.ROUGH_BLOCKS in lacking:
        rough = _ROUGH.sub(f'"{_BLOCKS["EVERYTHING"][ipv6]}"', rough)
    policies = f"{policies}---\n{rough}"
    everything = ["policies.yaml", "canaries.yaml"]
    left = [each for each in _names(policies) if f"NetworkPolicy {each}" not in _DELETED]
    steps = [
        {
            "name": Phase.DENY.value,
            "apply": everything,
            "label": [{"workload": name, "labels": labels} for name, labels in FIRST_LABELS.items()],
            "intent": _intent(lines, Phase.DENY),
        },
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
        "via": ["ip", "second-ip", "service", "name", "node-port"],
        "external": [{"name": OUTSIDE_NAME, "address": OUTSIDE, "ports": [OUTSIDE_PORT]}],
        "steps": steps,
    }
    if bystanders:
        scenario["bystanders"] = list(bystanders)
    written = {
        "scenario.yaml": json.dumps(scenario, indent=1, ensure_ascii=False),
        "workloads.yaml": "\n---\n".join(json.dumps(body) for body in _objects(nodes, lacking)),
        "policies.yaml": policies,
        "updated.yaml": policies_of("updated", ipv6=ipv6),
        "late.yaml": policies_of("late", ipv6=ipv6),
        "canaries.yaml": CANARY_POLICIES,
    }
    return {name: _of_run(text, run_id) for name, text in written.items()}


def _of_run(text: str, run_id: str) -> str:
    """Only the names of the board itself: those of the user's own pods stay."""
    return _NAMED_AFTER_RUN.sub(lambda found: found[0].replace(RUN, run_id), text)


def with_outside(files: Mapping[str, str], address: str) -> dict[str, str]:
    """The files of a scenario with another host outside than that of the board."""
    block = str(ip_network(address))
    return {
        name: text.replace(f"{OUTSIDE}/32", block).replace(OUTSIDE, address) for name, text in files.items()
    }


def as_on_board(text: str, run_id: str) -> str:
    """An intent line of a run as the board has it."""
    return text.replace(f"np-{run_id}", f"np-{RUN}")


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


def _objects(nodes: Sequence[AuditedNode], lacking: Collection[Needs]) -> Iterable[Mapping[str, Any]]:
    for name, labels in NAMESPACES.items():
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(labels)}}
    for pod in PODS:
        if pod.needs in lacking:
            continue
        yield _workload(pod, nodes[pod.place % len(nodes)], _ports(pod))
    for pod in canary_pods(len(nodes)):
        yield _workload(pod, nodes[pod.place], CANARY_PORTS)
    for name, service in SERVICES.items():
        if service.needs not in lacking:
            yield _service(name, service)


def _service(name: str, service: BoardService) -> Mapping[str, Any]:
    spec: dict[str, Any] = {
        "selector": dict(service.selector),
        "ports": [{"port": service.port, "targetPort": service.target}],
    }
    if service.headless:
        spec["clusterIP"] = "None"
    if service.needs is Needs.EXPOSURE:
        spec["type"] = "NodePort"
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": HOME},
        "spec": spec,
    }


def _ports(pod: BoardPod) -> Sequence[Mapping[str, Any]]:
    if pod.needs is Needs.SCTP:
        return WITH_SCTP
    return SWAPPED if pod.swapped else PORTS


def _workload(pod: BoardPod, node: AuditedNode, ports: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    own = {OWN: pod.name}
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
    metadata: dict[str, Any] = {"labels": {**pod.labels, **own}}
    annotations = dict(_BANDWIDTH) if pod.limited else {}
    if pod.dials:
        annotations[FIRST_DIAL] = pod.dials
    if annotations:
        metadata["annotations"] = annotations
    if pod.bare:
        metadata |= {"name": pod.name, "namespace": pod.namespace, "annotations": {BARE: "true"}}
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
    count = {} if pod.daemon else {"replicas": 1}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet" if pod.daemon else "Deployment",
        "metadata": {"name": pod.name, "namespace": pod.namespace},
        "spec": {
            **count,
            "selector": {"matchLabels": own},
            "template": {"metadata": metadata, "spec": spec},
        },
    }
