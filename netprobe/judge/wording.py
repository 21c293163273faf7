"""The sentences of findings: what was tried, what the policies say of it, in words for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from netprobe.model.decision import Answer, Decision, DirectionDecision
from netprobe.model.finding import Seen
from netprobe.model.flow import DnsRef, Flow, NodeRef, PodRef
from netprobe.model.observation import Observation, Outcome
from netprobe.model.protocol import Protocol, Via

Naming = Callable[[PodRef], str]
"""How reports call a pod; with its index only where a workload has several replicas."""


def naming_for(pods: Iterable[PodRef]) -> Naming:
    """Call pods ``ns/workload``, and ``ns/workload[i]`` where ``pods`` has more than one of a workload."""
    indexes: dict[tuple[str, str], set[int]] = {}
    for pod in pods:
        indexes.setdefault((pod.namespace, pod.workload), set()).add(pod.index)
    several = {workload for workload, found in indexes.items() if len(found) > 1}

    def name(pod: PodRef) -> str:
        return str(pod) if (pod.namespace, pod.workload) in several else f"{pod.namespace}/{pod.workload}"

    return name


def edge_text(flow: Flow, naming: Naming) -> str:
    """The flow as a person says it: ``production/api → production/database:5432 by the name database``."""
    protocol = "" if flow.protocol is Protocol.TCP else f"/{flow.protocol.value.lower()}"
    how = ""
    if flow.via is Via.SECOND_IP:
        how = " by its second address"
    elif flow.via is Via.SERVICE:
        how = f" through Service {flow.service} (port {flow.service_port})"
    elif flow.via is Via.NODE_PORT:
        how = f" through the port of Service {flow.service} on a node"
    elif flow.via is Via.NAME:
        how = f" by the name {flow.service} (port {flow.service_port})"
    return f"{naming(flow.source)} → {_destination_text(flow, naming)}{protocol}{how}"


def _destination_text(flow: Flow, naming: Naming) -> str:
    destination = flow.destination
    if isinstance(destination, PodRef):
        return f"{naming(destination)}:{flow.port}"
    if isinstance(destination, DnsRef):
        return "dns" if flow.protocol is not Protocol.TCP else "dns/tcp"
    if isinstance(destination, NodeRef):
        whose = "its own node" if destination.which == "own" else f"{destination.which} node"
        return f"{whose}:{flow.port}"
    return f"{destination}:{flow.port}"


def seen_text(seen: Seen, observation: Observation | None) -> str:
    """What was seen, as a verb: ``connected``, ``got no answer``, ``was refused``."""
    attempts = observation.attempts if observation else ()
    if seen is Seen.OPEN:
        return "connected"
    if seen is Seen.NAME_FAILED:
        return "could not resolve the name"
    if seen is Seen.NOTHING:
        return "was not seen"
    refused = sum(a.outcome is Outcome.REJECTED for a in attempts)
    dropped = sum(a.outcome is Outcome.DROPPED for a in attempts)
    if not refused:
        return "got no answer"
    return "was refused" if not dropped else "was refused or got no answer"


def policies_text(decision: Decision) -> str:
    """Which policies answer: ``as api-policy and frontend-policy say``, or that none isolates."""
    ends = _ends(decision)
    if decision.answer is Answer.DENY:
        denying = [end for end in ends if end.answer is Answer.DENY]
        names = _names((ref.namespace, ref.policy) for end in denying for ref in end.isolating)
    else:
        names = _names((ref.namespace, ref.policy) for end in ends for ref in end.allowing)
        if not names and not any(end.isolating for end in ends):
            return "as no policy isolates either end"
    if not names:
        return "as the policies say"
    return f"as {_listed(names)} {'says' if len(names) == 1 else 'say'}"


def why_text(decision: Decision) -> str:
    """Why the policies answer as they do: the sentences of the ends that decide it."""
    if decision.answer is Answer.DENY:
        reasons = [end.reason for end in _ends(decision) if end.answer is Answer.DENY and end.reason]
        if reasons:
            return "; ".join(dict.fromkeys(reasons))
    return decision.reason or f"the policies answer {decision.answer.value}"


def _ends(decision: Decision) -> Sequence[DirectionDecision]:
    """The ends that decide: those of dns where the denial of dns decides, else the flow's own."""
    if decision.dns is not None and decision.dns.answer is Answer.DENY:
        return _ends(decision.dns)
    return [end for end in (decision.egress, decision.ingress) if end is not None]


def _names(refs: Iterable[tuple[str, str]]) -> list[str]:
    """Policy names once each, with the namespace only where two policies share a name."""
    unique = list(dict.fromkeys(refs))
    plain = [policy for _, policy in unique]
    return [policy if plain.count(policy) == 1 else f"{namespace}/{policy}" for namespace, policy in unique]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
