"""Settling, flow by flow: ask until each flow has shown enough, or the ceiling is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from netprobe.judge.evidence import ENOUGH_BLOCKED, ENOUGH_CLOSED, Goal, Peers, goal_of, is_enough, spaced
from netprobe.model.decision import Decision
from netprobe.model.flow import Flow, PodRef
from netprobe.model.observation import Attempt, Outcome, Phase
from netprobe.model.topology import Pod
from netprobe.runner.controls import Controls
from netprobe.runner.plan import Looks
from netprobe.runner.rounds import Ask, Rounds
from netprobe.runner.sentinel import Sentinel
from netprobe.runner.sheet import SPACING
from netprobe.runner.site import Site
from netprobe.runner.targets import Target

ATTEMPT_TIMEOUT = 2.5
"""Seconds for an attempt: longer than the first retransmit of a SYN, which comes after 1 s."""

LAST_TIMEOUT = 4.0
"""Seconds for the last attempts before the ceiling: longer than the second retransmit, after 3 s."""

SERIES = (ENOUGH_CLOSED - 1) * SPACING
"""Seconds between the first and the last start of a round's attempts."""

PAUSE = 0.2
"""Seconds between rounds, so that a round of quick answers does not follow on another at once."""

PAUSE_AFTER_ERROR = 1.0
"""Seconds before a probe is tried again that failed itself."""

FORGIVEN = 3
"""How many rounds with void batches move the ceiling by the time that they took."""


@dataclass(kw_only=True, slots=True)
class Trail:
    """One flow on its way to being settled. ``nodes`` are those that its attempts pass."""

    flow: Flow
    target: Target
    decision: Decision
    attempts: list[Attempt] = field(default_factory=list)
    settled: bool = False

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes whose enforcement decides the flow."""
        return (self.target.source.node, *self.target.far_nodes)


@dataclass(kw_only=True, slots=True)
class Settling:
    """The settling of one step. ``settled`` is called for each flow as it settles, with its attempts."""

    site: Site
    rounds: Rounds
    sentinel: Sentinel
    controls: Controls
    pods: Mapping[PodRef, Pod]
    peers: Peers
    lookup: str
    ceiling: float
    settled: Callable[[Trail], None]

    def run(self, trails: Sequence[Trail]) -> bool:
        """Ask until all have settled (True) or the ceiling was reached (False)."""
        first, forgiven, granted = True, FORGIVEN, 0.0
        while pending := [trail for trail in trails if not trail.settled]:
            deadline = self.sentinel.written + self._ceiling_of(pending) + granted
            last = not first and self._is_time_for_last(pending, deadline)
            if last:
                # The last attempts start when the ceiling is reached, so that nobody is judged early.
                self.site.options.clock.wait(deadline - SERIES - self.site.now())
                self.sentinel.give_up()
            begin = self.site.now()
            asked = pending if last else [each for each in pending if not self._can_wait(each)] or pending
            asks = [self._ask(trail, first=first, last=last) for trail in asked]
            result = self.rounds.run(
                asks,
                self.controls,
                looks=Looks(nodes=self.sentinel.pending),
                lookup=self.lookup,
                pods=self.pods,
            )
            self.sentinel.note(result.sentinels)
            for trail in asked:
                trail.attempts.extend(result.attempts[trail.flow.key])
            self._settle(pending)
            self.site.watcher.progress(sum(trail.settled for trail in trails), len(trails))
            if result.void and forgiven:
                forgiven -= 1
                granted += self.site.now() - begin
            elif last and self._ceiling_of(pending) <= deadline - self.sentinel.written - granted:
                return all(trail.settled for trail in trails)
            elif last:
                self.sentinel.hope()
            first = False
            if not all(trail.settled for trail in trails):
                self._pause(pending, begin)
        return True

    def counted(self, trail: Trail) -> tuple[Attempt, ...]:
        """The attempts with their phase as far as it is known now."""
        begin = self.sentinel.counts_from(trail.nodes)
        return tuple(
            replace(attempt, phase=Phase.COUNTED if attempt.started >= begin else Phase.SETTLING)
            for attempt in trail.attempts
        )

    def _ceiling_of(self, pending: Iterable[Trail]) -> float:
        """The ceiling; less where it is known how soon a policy has an effect, and it had none here."""
        if all(self.sentinel.has_no_effect_on(trail.nodes) for trail in pending):
            return min(self.ceiling, self.site.no_effect_seconds)
        return self.ceiling

    def _can_wait(self, trail: Trail) -> bool:
        """Whether nothing is learned from a flow now: it is open as it should be, and does not count yet."""
        if goal_of(trail.decision) is not Goal.OPEN or not self.sentinel.is_awaited(trail.nodes):
            return False
        return bool(trail.attempts) and trail.attempts[-1].outcome.is_open

    def _ask(self, trail: Trail, *, first: bool, last: bool) -> Ask:
        attempts = ENOUGH_CLOSED
        if goal_of(trail.decision) is Goal.OPEN:
            silent = sum(attempt.phase is Phase.COUNTED for attempt in self.counted(trail))
            attempts = 1 if first else max(ENOUGH_CLOSED, ENOUGH_BLOCKED - silent)
        timeout = LAST_TIMEOUT if last else ATTEMPT_TIMEOUT
        return Ask(flow=trail.flow, target=trail.target, attempts=attempts, timeout=timeout)

    def _settle(self, pending: Sequence[Trail]) -> None:
        for trail in pending:
            counted = self.counted(trail)
            if is_enough(counted, trail.decision, self.peers) or _is_silent(trail, counted):
                trail.settled = True
                self.settled(trail)

    def _is_time_for_last(self, pending: Sequence[Trail], deadline: float) -> bool:
        """Whether another round would leave no time for the last one."""
        silent = any(trail.attempts[-1].outcome.is_closed for trail in pending)
        takes = SERIES + (ATTEMPT_TIMEOUT if silent else 0.0)
        return self.site.now() + takes > deadline - SERIES

    def _pause(self, pending: Sequence[Trail], begin: float) -> None:
        failed = any(
            trail.attempts[-1].outcome in (Outcome.ERROR, Outcome.WRONG_PEER)
            for trail in pending
            if not trail.settled and trail.attempts
        )
        took = self.site.now() - begin
        self.site.options.clock.wait(max(PAUSE, PAUSE_AFTER_ERROR - took) if failed else PAUSE)


def _is_silent(trail: Trail, counted: Sequence[Attempt]) -> bool:
    """Whether a bystander was silent often enough: its policies were there before, nothing is to come.

    A port of somebody else may simply not listen; the ceiling is not waited for.
    """
    closed = [each for each in counted if each.outcome.is_closed and not each.broken_control]
    return trail.target.bystander is not None and len(spaced(closed)) >= ENOUGH_BLOCKED
