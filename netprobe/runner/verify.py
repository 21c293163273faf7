"""Whether the controls of an attempt held: which one broke, in words."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.model.flow import PodRef
from netprobe.model.observation import Outcome
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.probing.reply import Reply
from netprobe.runner.plan import Plan, Watch
from netprobe.runner.sessions import Answer


class Verifier:
    """Reads the controls of one wave."""

    def __init__(self, plan: Plan, answers: Mapping[str, Answer], own_dial_seconds: float) -> None:
        self._plan = plan
        self._answers = answers
        self._own_dial_seconds = own_dial_seconds

    def void(self, source: PodRef) -> str:
        """Why the whole batch of a source is void: its own dial was slow or unanswered; "" if it was good.

        A refusal is no overload: the server is dead, which breaks controls but voids nothing.
        """
        pod = self._plan.pods[source]
        for reply in self._own_replies(pod):
            if reply.outcome is Outcome.DROPPED:
                return f"void: {source} did not reach its own address among {self._flows(pod)} flows"
            if reply.outcome.is_open and reply.seconds > self._own_dial_seconds:
                took = f"took {reply.seconds:.1f} s among {self._flows(pod)} flows"
                return f"void: {source}'s own dial {took}"
        return ""

    def broken(self, watch: Watch, number: int) -> str:
        """The first control of this attempt that failed, in words; "" when all held."""
        target = watch.ask.target
        if not self._reaches_itself(target.source, number):
            return f"{_name(target.source)} did not reach its own address"
        for pod, port, protocol in target.backends:
            if not self._serves_itself(pod, port, protocol, number):
                suffix = "" if protocol is Protocol.TCP else f"/{protocol.value.lower()}"
                return f"{_name(pod)} does not answer itself on port {port}{suffix}"
        return self._broken_between(watch, number)

    def pair_is_good(self, here: str, there: str, number: int) -> bool:
        """Whether the control on one node reached the control on another (or the same) node."""
        return self._control_held(here, self._plan.pairs.get((here, there), ""), number)

    def _broken_between(self, watch: Watch, number: int) -> str:
        here = watch.ask.target.source.node
        if self._plan.controls.control(here) is None:
            return f"there is no control on node {here}"
        for there in dict.fromkeys(watch.ask.target.far_nodes):
            if self._plan.controls.control(there) is None:
                return f"there is no control on node {there}"
            if not self.pair_is_good(here, there, number):
                return f"the control on node {here} did not reach the control on node {there}"
        # One answer in the round is enough: a lost datagram must not make a nameserver look dead.
        tries = range(self._plan.attempts)
        if watch.witness and not any(self._control_held(here, watch.witness, each) for each in tries):
            what = "dns" if watch.ask.target.nameserver else str(watch.ask.flow.destination)
            return f"the control on node {here} did not reach {what} either"
        return ""

    def _control_held(self, node: str, request: str, number: int) -> bool:
        control = self._plan.controls.control(node)
        if control is None or control.uid not in self._answers:
            return False
        reply = self._answers[control.uid].replies.get((request, number))
        return reply is not None and reply.outcome.is_open

    def _own_replies(self, pod: Pod) -> list[Reply]:
        answer = self._answers.get(pod.uid)
        requests = set(self._plan.own.get(pod.uid, {}).values())
        if answer is None:
            return []
        return [reply for (request, _), reply in sorted(answer.replies.items()) if request in requests]

    def _reaches_itself(self, pod: Pod, number: int) -> bool:
        """One own port is enough: the question is whether the pod can send and receive at all."""
        return any(reply.outcome.is_open for reply in self._own_replies(pod) if reply.attempt == number)

    def _serves_itself(self, pod: Pod, port: int, protocol: Protocol, number: int) -> bool:
        request = self._plan.own.get(pod.uid, {}).get((port, protocol), "")
        answer = self._answers.get(pod.uid)
        reply = answer.replies.get((request, number)) if answer else None
        return reply is not None and reply.outcome.is_open

    def _flows(self, pod: Pod) -> int:
        return self._plan.sheets[pod.uid].flows


def _name(pod: Pod) -> str:
    return f"{pod.namespace}/{pod.workload}" if pod.workload else f"{pod.namespace}/{pod.name}"
