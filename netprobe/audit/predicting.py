"""What a network would do if an explanation held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from netprobe.audit.crossings import Crossing
from netprobe.audit.explanations import Explanation
from netprobe.audit.history import History
from netprobe.model.decision import Answer, Decision, DirectionDecision
from netprobe.model.flow import Destination, DnsRef, Flow, PodRef
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.protocol import Via
from netprobe.model.topology import Pod, Topology
from netprobe.oracle.answers import every
from netprobe.oracle.decide import Oracle
from netprobe.oracle.defects.defect import Passage, Reads
from netprobe.oracle.defects.faulty import denied_by, read_by


def wrong_backends(decision: Decision) -> frozenset[str]:
    """The addresses behind a Service that policies deny, where they admit others of it; else none."""
    answers = {answer for _, _, answer in decision.backends}
    if not {Answer.ALLOW, Answer.DENY} <= answers:
        return frozenset()
    return frozenset(address for address, _, answer in decision.backends if answer is Answer.DENY)


class Predictor:
    """Answers for flows at one moment, as a network with one explanation would give them."""

    def __init__(self, explanation: Explanation, history: History, blocks: IpBlocksMeanPods) -> None:
        """``history`` ends with the moment at hand."""
        self._explanation = explanation
        self._history = history
        self._blocks = blocks
        self._oracle = self._oracle_of(None)
        self._abroad = None if explanation.abroad is None else self._oracle_of(explanation.abroad)
        topology = history[-1].topology
        self._pods = {_ref(pod): pod for pod in topology.pods}
        self._several = {(each.namespace, each.name) for each in topology.services if len(each.backends) > 1}
        self._headless = {(each.namespace, each.name) for each in topology.services if each.headless}
        self._by_address = {ip: pod for pod in topology.pods for ip in pod.ips}
        self._dns_pod = _dns_pod(topology)

    def _oracle_of(self, more: Reads | None) -> Oracle:
        believed = self._explanation.remembers(self._history)
        defect, policies = self._explanation.defect, believed.policies
        read = policies if defect is None else read_by(defect, policies)
        return Oracle(
            believed.topology,
            read if more is None else tuple(new for policy in read for new in more(policy)),
            admin_policies=() if defect is None else denied_by(defect, policies),
            ip_blocks_mean_pods=self._blocks,
        )

    def answers(self, flows: Iterable[Flow]) -> tuple[Answer, ...]:
        """Return one answer for each flow."""
        return tuple(self._answer(flow) for flow in flows)

    def _answer(self, flow: Flow) -> Answer:
        destination = flow.destination
        if isinstance(destination, PodRef) and (destination.namespace, flow.service) in self._several:
            written = self._as_written().decide(flow)
            if wrong := wrong_backends(written):
                return self._of_backends(flow, written, wrong)
        return self._judged(self._crossing(flow))

    def _crossing(self, flow: Flow) -> Crossing:
        return Crossing(
            flow=flow,
            source=self._pods.get(flow.source),
            destination=self._end(flow.destination),
            by_service=self._is_by_service(flow),
            decision=self._oracle.decide(flow),
        )

    def _is_by_service(self, flow: Flow) -> bool:
        """Whether packets go to an address that stands for others; that of a headless Service does not."""
        if flow.via is Via.NAME and isinstance(flow.destination, PodRef):
            return (flow.destination.namespace, flow.service) not in self._headless
        return flow.via in (Via.SERVICE, Via.NODE_PORT) or isinstance(flow.destination, DnsRef)

    def _judged(self, crossing: Crossing) -> Answer:
        flow, decision = crossing.flow, crossing.decision
        if self._explanation.cuts(crossing):
            return Answer.DENY
        if self._explanation.passes(crossing):
            return Answer.ALLOW
        if decision.answer is not Answer.ALLOW and self._is_skipped(crossing):
            return Answer.ALLOW
        if decision.egress is None and decision.ingress is None:
            return decision.answer
        ingress = decision.ingress
        if self._abroad is not None and crossing.between_nodes:
            ingress = self._abroad.decide(flow).ingress
        ends = ((decision.egress, crossing.source), (ingress, crossing.destination))
        return every(self._at(end, pod) for end, pod in ends if end is not None)

    def _as_written(self) -> Oracle:
        now = self._history[-1]
        return Oracle(now.topology, now.policies, ip_blocks_mean_pods=self._blocks)

    def _of_backends(self, flow: Flow, written: Decision, wrong: frozenset[str]) -> Answer:
        """What a Service with pods that may and pods that must not answer comes to.

        ALLOW: one answers that must not; DENY: only others do; UNDEFINED: nobody answers.
        """
        decided: dict[bool, list[Answer]] = {True: [], False: []}
        for address, port, _ in written.backends:
            single = replace(flow, via=Via.IP, port=port, destination=_ref(self._by_address[address]))
            answer = self._judged(replace(self._crossing(single), by_service=True))
            decided[address in wrong].append(answer)
        if Answer.ALLOW in decided[True]:
            return Answer.ALLOW
        return Answer.DENY if Answer.ALLOW in decided[False] else Answer.UNDEFINED

    def _at(self, end: DirectionDecision, pod: Pod | None) -> Answer:
        if pod is not None and self._explanation.spares(pod, self._history):
            return Answer.ALLOW
        if pod is not None and end.isolating and self._explanation.mutes(pod, self._history):
            return Answer.DENY
        return end.answer

    def _end(self, destination: Destination) -> Pod | None:
        if isinstance(destination, DnsRef):
            return self._dns_pod
        return self._pods.get(destination) if isinstance(destination, PodRef) else None

    def _is_skipped(self, crossing: Crossing) -> bool:
        defect = self._explanation.defect
        if defect is None or crossing.source is None or crossing.destination is None:
            return False
        return defect.skips(
            Passage(
                source=crossing.source,
                destination=crossing.destination,
                by_service=crossing.by_service,
                decision=crossing.decision,
            )
        )


def _ref(pod: Pod) -> PodRef:
    return PodRef(namespace=pod.namespace, workload=pod.workload, index=pod.index)


def _dns_pod(topology: Topology) -> Pod | None:
    """A pod behind the nameserver; where there are several, which one answers is not known: None."""
    by_name: Mapping[tuple[str, str], Pod] = {(pod.namespace, pod.name): pod for pod in topology.pods}
    behind = {
        (service.namespace, backend.pod)
        for service in topology.services
        if topology.nameserver in service.cluster_ips
        for backend in service.backends
    }
    pods = [by_name[name] for name in behind if name in by_name]
    return pods[0] if len(pods) == 1 else None
