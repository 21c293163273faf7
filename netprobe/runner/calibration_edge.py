"""The edge of the calibration: a server that only an ipBlock admits one client to.

The server is isolated by a policy that admits ingress from an ipBlock only, the address of the control
on its node. The sentinel beside it, which no rule admits, shows that the policy is in force; whether
the control still reaches the server is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from netprobe.cluster.port import Body
from netprobe.judge.evidence import ENOUGH_CLOSED, seen_of
from netprobe.model.decision import Answer, Decision
from netprobe.model.finding import Seen
from netprobe.model.flow import Flow, PodRef
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.observation import Attempt, Observation, Outcome, Phase
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.probing.request import RequestKind
from netprobe.runner.controls import SERVER_PORT, Controls, calibration_policy
from netprobe.runner.plan import CONFIRMED, Looks
from netprobe.runner.rounds import Ask, Rounds
from netprobe.runner.settle import ATTEMPT_TIMEOUT, LAST_TIMEOUT, PAUSE
from netprobe.runner.site import Site
from netprobe.runner.targets import Target

LOOK_TIMEOUT = 0.5
"""Seconds for a look until the policy is in force: all three pods are on one node."""

BEFORE = 3
"""How often both clients are asked to reach the server before the policy."""

PAUSE_BEFORE = 1.0
"""Seconds between these rounds."""

QUICK = 10
"""Rounds in quick succession; a policy that is not in force by then is looked at once a second."""

SLOW_PAUSE = 1.0
"""Seconds between the rounds after those."""

_ADMITTED = Decision(answer=Answer.ALLOW)


@dataclass(kw_only=True, slots=True)
class Client:
    """One of the two pods that ask the server, and what it has seen so far."""

    pod: Pod
    server: Pod
    observation: Observation = field(init=False)

    def __post_init__(self) -> None:
        self.observation = Observation(flow=self.flow.key)

    @property
    def flow(self) -> Flow:
        """The flow to the server."""
        return Flow(source=_ref(self.pod), destination=_ref(self.server), port=SERVER_PORT)

    @property
    def was_open(self) -> bool:
        """Whether it reached the server before the policy."""
        return self.observation.baseline is Outcome.CONNECTED

    def ask(self, site: Site, attempts: int, timeout: float) -> Ask:
        """The question whether it reaches the server."""
        target = Target(
            source=self.pod,
            kind=RequestKind.TCP,
            address=self.server.ips[0],
            port=SERVER_PORT,
            peers=frozenset({f"{site.placement.placed(self.server.namespace)}/{self.server.name}"}),
            backends=((self.server, SERVER_PORT, Protocol.TCP),),
        )
        return Ask(flow=self.flow, target=target, attempts=attempts, timeout=timeout)

    def count_after(self, number: int) -> None:
        """Let the attempts of later rounds than this one count, and no others."""
        attempts = (
            each
            if each.phase is Phase.BASELINE
            else replace(each, phase=Phase.COUNTED if each.round > number else Phase.SETTLING)
            for each in self.observation.attempts
        )
        self.observation = replace(self.observation, attempts=tuple(attempts))


@dataclass(kw_only=True, slots=True)
class Edge:
    """The measuring of the edge."""

    site: Site
    rounds: Rounds
    controls: Controls
    admitted: Client
    stranger: Client
    waited: float = 0.0
    """Seconds since the policy was written."""

    @property
    def policy(self) -> Body:
        """The policy that admits the one client by an ipBlock, and nobody else."""
        address = self.admitted.pod.ips[0]
        return calibration_policy(self.site, f"{address}/{128 if ':' in address else 32}")

    @property
    def had_no_effect(self) -> bool:
        """Whether the server let the stranger in under the policy, at the last look and at all before."""
        looks = [each for each in self.stranger.observation.attempts if each.phase is not Phase.BASELINE]
        silent = any(look.outcome.is_closed for look in looks)
        return bool(looks) and looks[-1].outcome.is_open and not silent

    def measure(self) -> tuple[IpBlocksMeanPods, str]:
        """The answer, and why it is UNKNOWN."""
        if closed := self._closed_before():
            return IpBlocksMeanPods.UNKNOWN, f"{closed.flow.key} was not open before any policy"
        self.site.cluster.apply([self.policy])
        written, number = self.site.now(), 0
        while True:
            self.waited = self.site.now() - written
            last = self.waited >= self.site.options.settle
            in_vain = self.had_no_effect and self.waited >= self.site.no_effect_seconds
            self._ask(last=last or in_vain)
            answer, reason = self._read()
            if answer is IpBlocksMeanPods.YES or last or (in_vain and self.had_no_effect):
                return answer, reason
            number += 1
            self.site.options.clock.wait(PAUSE if number < QUICK else SLOW_PAUSE)

    def _closed_before(self) -> Client | None:
        """Ask both before the policy; one that did not get through, None when both did."""
        for number in range(BEFORE):
            if number:
                self.site.options.clock.wait(PAUSE_BEFORE)
            self._round(1, ATTEMPT_TIMEOUT, Phase.BASELINE)
            if all(client.was_open for client in (self.admitted, self.stranger)):
                return None
        return self.stranger if self.admitted.was_open else self.admitted

    def _ask(self, *, last: bool) -> None:
        """A round: single short looks until the policy is in force, then attempts that can prove silence."""
        if last:
            self._round(ENOUGH_CLOSED, LAST_TIMEOUT, Phase.SETTLING)
        elif self._in_force_since() is None:
            self._round(1, LOOK_TIMEOUT, Phase.SETTLING)
        else:
            self._round(ENOUGH_CLOSED, ATTEMPT_TIMEOUT, Phase.SETTLING)

    def _round(self, attempts: int, timeout: float, phase: Phase) -> None:
        clients = (self.admitted, self.stranger)
        result = self.rounds.run(
            [client.ask(self.site, attempts, timeout) for client in clients],
            self.controls,
            looks=Looks(),
            pods={_ref(client.pod): client.pod for client in clients},
        )
        for client in clients:
            new = tuple(replace(attempt, phase=phase) for attempt in result.attempts[client.flow.key])
            baseline = new[-1].outcome if phase is Phase.BASELINE else client.observation.baseline
            before = client.observation.attempts
            client.observation = replace(client.observation, attempts=(*before, *new), baseline=baseline)

    def _in_force_since(self) -> int | None:
        """The round of the first of the stranger's last silent looks, when another one confirms it."""
        silent: list[Attempt] = []
        for attempt in reversed(self.stranger.observation.attempts):
            if not attempt.outcome.is_closed or attempt.broken_control or attempt.phase is Phase.BASELINE:
                break
            silent.append(attempt)
        return silent[-1].round if len(silent) >= CONFIRMED else None

    def _read(self) -> tuple[IpBlocksMeanPods, str]:
        """What the attempts amount to; those of rounds after the first silent look count."""
        since = self._in_force_since()
        if since is None:
            return IpBlocksMeanPods.UNKNOWN, self._not_in_force()
        self.admitted.count_after(since)
        evidence = seen_of(self.admitted.observation, _ADMITTED, {})
        if evidence.seen is Seen.OPEN:
            return IpBlocksMeanPods.YES, ""
        if evidence.seen is Seen.CLOSED:
            return IpBlocksMeanPods.NO, ""
        return IpBlocksMeanPods.UNKNOWN, f"nothing is proven by {self.admitted.flow.key}: {evidence.reason}"

    def _not_in_force(self) -> str:
        last = self.stranger.observation.attempts[-1]
        waited = f"after {int(self.waited)} s"
        if self.had_no_effect:
            return (
                f"the policy to measure it with was not in force {waited}: {self.stranger.flow.key} was open"
            )
        cause = last.broken_control or last.detail or f"last outcome {last.outcome.value}"
        return f"{waited} nothing showed that the policy to measure it with is in force: {cause}"


def _ref(pod: Pod) -> PodRef:
    return PodRef(namespace=pod.namespace, workload=pod.workload, index=pod.index)
