"""What a network would do if an explanation held."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.audit.explanations import Explanation
from netprobe.audit.history import History
from netprobe.model.decision import Answer, Decision
from netprobe.model.flow import Flow, PodRef
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.protocol import Via
from netprobe.model.topology import Pod
from netprobe.oracle.answers import every
from netprobe.oracle.decide import Oracle
from netprobe.oracle.defects.defect import Passage
from netprobe.oracle.defects.faulty import denied_by, read_by


class Predictor:
    """Answers for flows at one moment, as a network with one explanation would give them."""

    def __init__(self, explanation: Explanation, history: History, blocks: IpBlocksMeanPods) -> None:
        """``history`` ends with the moment at hand."""
        self._explanation = explanation
        self._history = history
        believed = explanation.remembers(history)
        defect, policies = explanation.defect, believed.policies
        self._oracle = Oracle(
            believed.topology,
            policies if defect is None else read_by(defect, policies),
            admin_policies=() if defect is None else denied_by(defect, policies),
            ip_blocks_mean_pods=blocks,
        )
        self._pods = {_ref(pod): pod for pod in history[-1].topology.pods}

    def answers(self, flows: Iterable[Flow]) -> tuple[Answer, ...]:
        """Return one answer for each flow."""
        return tuple(self._answer(flow) for flow in flows)

    def _answer(self, flow: Flow) -> Answer:
        decision = self._oracle.decide(flow)
        if decision.answer is Answer.ALLOW:
            return Answer.ALLOW
        source = self._pods.get(flow.source)
        destination = self._pods.get(flow.destination) if isinstance(flow.destination, PodRef) else None
        if self._is_skipped(flow, source, destination, decision):
            return Answer.ALLOW
        ends = [
            end.answer
            for end, pod in ((decision.egress, source), (decision.ingress, destination))
            if end is not None and not (pod is not None and self._explanation.spares(pod, self._history))
        ]
        if decision.egress is None and decision.ingress is None:
            return decision.answer
        return every(ends)

    def _is_skipped(
        self, flow: Flow, source: Pod | None, destination: Pod | None, decision: Decision
    ) -> bool:
        defect = self._explanation.defect
        if defect is None or source is None or destination is None:
            return False
        by_service = flow.via is not Via.IP
        return defect.skips(
            Passage(source=source, destination=destination, by_service=by_service, decision=decision)
        )


def _ref(pod: Pod) -> PodRef:
    return PodRef(namespace=pod.namespace, workload=pod.workload, index=pod.index)
