"""Pods of the user as destinations: which of the audit's own pods ask them, and what the answers come to.

Nothing is done to them. So no flow to them was ever open "before the policy", and silence says less than
between pods of the audit: whether a port listens is known only when somebody has reached it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from netprobe.audit.board.feature import Phase
from netprobe.audit.board.pods import PODS, BoardPod
from netprobe.audit.canaries import canary_pods
from netprobe.audit.nodes import AuditedNode
from netprobe.audit.writing import Line
from netprobe.judge.evidence import seen_of
from netprobe.judge.wording import edge_text, naming_for
from netprobe.model.audit import BystanderFlow, BystanderResult, BystanderWord, Enforcement
from netprobe.model.decision import Answer
from netprobe.model.finding import Finding, Seen
from netprobe.model.flow import Flow, PodRef
from netprobe.model.observation import Outcome
from netprobe.model.policy import NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Namespace, Pod, Topology
from netprobe.oracle.decide import Oracle
from netprobe.scenario.placement import FOREIGN

_OTHERS = ("home/api", "home/db", "away/other", "away/web")
"""Clients beside the canaries: of another namespace, with labels that a policy may mean."""

_WORDS = {
    BystanderWord.LEAK: "LEAK, the network does not enforce it",
    BystanderWord.BLOCKED: "BLOCKED, the network stops what the policies allow",
}


_ANSWERED = (BystanderWord.LEAK, BystanderWord.AGREES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bystander:
    """A pod of the user, in the author's names, with what the cluster holds beside it.

    ``namespaces`` and ``policies`` are those of the cluster before the audit.
    """

    pod: Pod
    namespaces: tuple[Namespace, ...] = ()
    policies: tuple[NetworkPolicy, ...] = ()

    @property
    def ref(self) -> PodRef:
        """Its name in flows."""
        return PodRef(namespace=self.pod.namespace, workload=self.pod.name)

    @property
    def title(self) -> str:
        """``namespace/pod``."""
        return f"{self.pod.namespace}/{self.pod.name}"

    @property
    def ports(self) -> tuple[tuple[int, Protocol], ...]:
        """The declared ports that can be asked, each once."""
        asked = (Protocol.TCP, Protocol.UDP)
        return tuple(dict.fromkeys((p.number, p.protocol) for p in self.pod.ports if p.protocol in asked))


def bystander_lines(bystanders: Iterable[Bystander], nodes: Sequence[AuditedNode]) -> Iterator[Line]:
    """The probes of them: a canary of the pod's node and one of the next, on every port.

    Where another pod of the audit would get another answer, it asks, too.
    """
    for bystander in bystanders:
        names = [node.name for node in nodes]
        here = names.index(bystander.pod.node) if bystander.pod.node in names else 0
        canaries = [_canary(number, nodes) for number in dict.fromkeys((here, (here + 1) % len(nodes)))]
        others = [pod for pod in PODS if pod.title in _OTHERS]
        for port, protocol in bystander.ports:
            answers: set[Answer] = set()
            for client in (*canaries, *others):
                answer = _expected(bystander, client, port, protocol)
                if client in others and (answer in answers or answer is Answer.UNDEFINED):
                    continue
                answers.add(answer)
                yield Line(
                    phase=Phase.DENY,
                    text=f"{client.title} -> {bystander.title}:{port}/{protocol.value.lower()}",
                    allowed=answer is not Answer.DENY,
                )


def _canary(number: int, nodes: Sequence[AuditedNode]) -> BoardPod:
    return next(p for p in canary_pods(len(nodes)) if p.place == number and p.labels["canary"] == "free")


def _expected(bystander: Bystander, client: BoardPod, port: int, protocol: Protocol) -> Answer:
    """What the policies say before the audit has deployed anything; addresses are not known then."""
    source = Pod(
        namespace=client.namespace,
        name=client.name,
        workload=client.name,
        labels={**client.labels, "audit-pod": client.name},
    )
    destination = replace(bystander.pod, workload=bystander.pod.name, index=0, siblings=0)
    topology = Topology(namespaces=bystander.namespaces, pods=(source, destination))
    flow = Flow(
        source=PodRef(namespace=client.namespace, workload=client.name),
        destination=bystander.ref,
        port=port,
        protocol=protocol,
    )
    return Oracle(topology, bystander.policies).decide(flow).answer


def split(findings: Iterable[Finding], refs: frozenset[PodRef]) -> tuple[list[Finding], list[Finding]]:
    """The findings of the board, and those about bystanders."""
    ours: list[Finding] = []
    theirs: list[Finding] = []
    for finding in findings:
        (theirs if finding.flow.destination in refs else ours).append(finding)
    return ours, theirs


def assess_bystanders(
    bystanders: Iterable[Bystander], findings: Sequence[Finding]
) -> tuple[BystanderResult, ...]:
    """What the probes of each of them came to; ``findings`` are those about bystanders."""
    reached = {_port(each) for each in findings if each.seen is Seen.OPEN}
    return tuple(
        _result(bystander, [each for each in findings if each.flow.destination == bystander.ref], reached)
        for bystander in bystanders
    )


def _port(finding: Finding) -> tuple[object, ...]:
    return finding.flow.destination, finding.flow.port, finding.flow.protocol


def _result(
    bystander: Bystander, findings: Sequence[Finding], reached: set[tuple[object, ...]]
) -> BystanderResult:
    flows = tuple(_flow(each, listens=_port(each) in reached) for each in findings)
    policies = dict.fromkeys(
        f"{ref.namespace}/{ref.policy}"
        for each in findings
        if each.decision is not None and each.decision.ingress is not None
        for ref in each.decision.ingress.isolating
    )
    return BystanderResult(
        namespace=bystander.pod.namespace,
        pod=bystander.pod.name,
        node=bystander.pod.node,
        policies=tuple(policies),
        flows=flows,
        verdict=_verdict(flows),
    )


def _verdict(flows: Sequence[BystanderFlow]) -> Enforcement:
    words = [flow.word for flow in flows]
    denied = [flow for flow in flows if flow.expected is Answer.DENY and flow.word in _ANSWERED]
    if denied and all(flow.word is BystanderWord.LEAK for flow in denied):
        return Enforcement.NOT_ENFORCED
    if BystanderWord.LEAK in words or BystanderWord.BLOCKED in words:
        return Enforcement.PARTIALLY_ENFORCED
    if BystanderWord.NO_ANSWER in words or not words:
        return Enforcement.INCONCLUSIVE
    return Enforcement.ENFORCED if BystanderWord.AGREES in words else Enforcement.SKIPPED


def _flow(finding: Finding, *, listens: bool) -> BystanderFlow:
    word, said = _judge(finding, listens=listens)
    ends = [end for end in (finding.flow.source, finding.flow.destination) if isinstance(end, PodRef)]
    blame = f": {_WORDS[word]}" if word in _WORDS else ""
    return BystanderFlow(
        flow=finding.flow,
        expected=Answer.UNDEFINED if finding.decision is None else finding.decision.answer,
        word=word,
        text=f"{edge_text(finding.flow, naming_for(ends))}: {said}{blame}",
    )


def _judge(finding: Finding, *, listens: bool) -> tuple[BystanderWord, str]:
    """The word for a flow, and what was seen with the reason for the word."""
    seen, why = _seen(finding)
    decision = finding.decision
    if decision is None or seen is Seen.NOTHING:
        return BystanderWord.NO_ANSWER, why
    is_open = seen is Seen.OPEN
    ingress = decision.ingress
    if decision.answer is Answer.UNDEFINED:
        state = "connected" if is_open else "closed"
        return BystanderWord.NOTE, f"{state}, which Kubernetes leaves open: {decision.reason}"
    if ingress is None or not (ingress.isolating or ingress.allowing or ingress.denying):
        return BystanderWord.NOTE, f"{'reached' if is_open else 'not reached'}; no policy selects the pod"
    if decision.answer is Answer.DENY:
        return _denied(ingress.reason, is_open=is_open, listens=listens)
    return _admitted(finding, ingress.reason, is_open=is_open, listens=listens)


def _denied(reason: str, *, is_open: bool, listens: bool) -> tuple[BystanderWord, str]:
    if is_open:
        return BystanderWord.LEAK, f"connected; {reason}"
    known = "" if listens else "; whether the port listens is not known"
    return BystanderWord.AGREES, f"agrees (closed{known})"


def _admitted(finding: Finding, reason: str, *, is_open: bool, listens: bool) -> tuple[BystanderWord, str]:
    if is_open:
        return BystanderWord.AGREES, "agrees (open)"
    if listens or _is_silence(finding):
        return BystanderWord.BLOCKED, f"closed; {reason}"
    return BystanderWord.NOTE, "admitted, but nobody answered: whether the port listens is not known"


def _seen(finding: Finding) -> tuple[Seen, str]:
    """What was seen: as the judge reads it, but that no baseline is asked for."""
    observation, decision = finding.observation, finding.decision
    why = finding.network.reason or finding.explanation
    if finding.seen is Seen.OPEN or observation is None or decision is None:
        return finding.seen, why
    if observation.disturbed or observation.skipped:
        return Seen.NOTHING, observation.disturbed or observation.skipped
    evidence = seen_of(replace(observation, baseline=Outcome.CONNECTED), decision, {})
    return evidence.seen, evidence.reason


def _is_silence(finding: Finding) -> bool:
    """Whether packets vanished: a port where nobody listens would have refused; UDP need not answer."""
    attempts = finding.observation.attempts if finding.observation is not None else ()
    silent = all(each.outcome is Outcome.DROPPED for each in attempts if each.outcome.is_closed)
    return silent and finding.flow.protocol is Protocol.TCP


def cluster_name_of(namespace: str) -> str:
    """A namespace as the cluster calls it: ``home@cluster`` is its own ``home``."""
    return namespace.removesuffix(FOREIGN)


def scenario_entries(bystanders: Iterable[Bystander]) -> list[dict[str, object]]:
    """What stands in the scenario's file about them."""
    return [
        {
            "namespace": cluster_name_of(each.pod.namespace),
            "name": each.pod.name,
            "ports": [{"port": port, "protocol": protocol.value} for port, protocol in each.ports],
        }
        for each in bystanders
    ]
