"""A round: every pending flow is asked, with its controls at the same time.

Every source has one batch with its flows and its own dials; every destination dials itself; the
controls of the nodes involved dial one another. Flows beyond the limits go in several waves, each
with its own controls.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from netprobe.model.flow import Flow, PodRef
from netprobe.model.observation import Attempt, Outcome, Phase
from netprobe.model.topology import Pod
from netprobe.runner.controls import Controls
from netprobe.runner.overload import Budget
from netprobe.runner.plan import Looks, Plan, Watch
from netprobe.runner.sessions import Answer, Sessions
from netprobe.runner.sheet import Sheet
from netprobe.runner.site import Site
from netprobe.runner.targets import Target
from netprobe.runner.verify import Verifier


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """A flow to be asked in a round: ``attempts`` tries, each with ``timeout`` seconds."""

    flow: Flow
    target: Target
    attempts: int
    timeout: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SentinelSight:
    """One look at a sentinel: the latest moment of the run at which it may have begun; None: no evidence."""

    node: str
    started: float
    is_open: bool | None


@dataclass(kw_only=True, slots=True)
class RoundResult:
    """What a round brought: attempts by flow key (phase SETTLING), looks at sentinels, void batches."""

    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    sentinels: list[SentinelSight] = field(default_factory=list)
    void: int = 0


class Rounds:
    """Runs rounds, one after the other, and numbers them over the whole run."""

    def __init__(self, site: Site, sessions: Sessions, budget: Budget) -> None:
        self._site = site
        self._sessions = sessions
        self._budget = budget
        self._batches = itertools.count()
        self.number = 0

    def run(
        self,
        asks: Sequence[Ask],
        controls: Controls,
        *,
        looks: Looks,
        lookup: str = "",
        pods: Mapping[PodRef, Pod],
    ) -> RoundResult:
        """Ask all flows once (each with its attempts), and look at sentinels in the first wave."""
        self.number += 1
        self._site.figures.add("rounds")
        by_source: dict[PodRef, list[Ask]] = {}
        for ask in asks:
            by_source.setdefault(ask.flow.source, []).append(ask)
        waves = self._budget.waves(list(by_source.items())) or [{}]
        result = RoundResult()
        for number, wave in enumerate(waves):
            first = number == 0
            self._wave(Plan(wave, controls, looks if first else Looks(), lookup, pods), result)
        return result

    def _wave(self, plan: Plan, result: RoundResult) -> None:
        self._budget.pace(sum(sheet.cost for sheet in plan.sheets.values()))
        # The sentinel is looked at a moment earlier: what is asked after its flip then begins after it, too.
        head = min(1.0, 0.02 + 2 * self._sessions.error()) if plan.looks.nodes else 0.0
        sheets = list(plan.sheets.values())
        sent = self._site.now()
        answers = self._site.options.clock.together(
            [partial(self._exchange, sheet, 0.0 if plan.is_control(sheet.pod) else head) for sheet in sheets]
        )
        by_pod = {sheet.pod.uid: answer for sheet, answer in zip(sheets, answers, strict=True)}
        self._site.figures.add("probes", sum(len(answer.replies) for answer in answers))
        verifier = Verifier(plan, by_pod, self._budget.own_dial_seconds)
        voided = []
        for source, watches in plan.watches.items():
            void = verifier.void(source) if self._budget.can_halve(source) else ""
            if void:
                voided.append((source, len(watches)))
            for watch in watches:
                answer = by_pod[watch.ask.target.source.uid]
                attempts = [
                    self._attempt(watch, answer, number, verifier, void, sent)
                    for number in range(watch.ask.attempts)
                ]
                result.attempts.setdefault(watch.ask.flow.key, []).extend(attempts)
        if voided:
            result.void += len(voided)
            self._site.figures.add("void_batches", len(voided))
            self._budget.halve(voided, len(plan.watches))
        result.sentinels.extend(self._sights(plan, by_pod, verifier, sent))

    def _exchange(self, sheet: Sheet, delay: float) -> Answer:
        self._site.options.clock.wait(delay)
        return self._sessions.ask(sheet.pod, sheet.batch(f"b{next(self._batches)}"))

    def _attempt(
        self, watch: Watch, answer: Answer, number: int, verifier: Verifier, void: str, sent: float
    ) -> Attempt:
        reply = answer.replies[watch.request, number]
        outcome, detail = reply.outcome, reply.detail
        if void and not outcome.is_open:
            outcome, detail = Outcome.ERROR, void
        namespace, slash, pod = reply.peer.partition("/")
        return Attempt(
            outcome=outcome,
            phase=Phase.SETTLING,
            round=self.number,
            started=round(answer.started(reply, sent), 3),
            seconds=round(reply.seconds, 4),
            timeout=watch.ask.timeout,
            peer=f"{self._site.placement.original(namespace)}/{pod}" if slash else reply.peer,
            address=reply.address,
            detail=detail,
            broken_control="" if outcome.is_open else verifier.broken(watch, number),
        )

    @staticmethod
    def _sights(
        plan: Plan, by_pod: Mapping[str, Answer], verifier: Verifier, sent: float
    ) -> Iterable[SentinelSight]:
        for look in plan.sentinel_watches:
            answer = by_pod[look.client.uid]
            for (request, number), reply in sorted(answer.replies.items()):
                if request != look.request:
                    continue
                latest = answer.mapping.latest(reply.started) if answer.mapping and reply.started else sent
                is_open: bool | None = None
                if reply.outcome.is_open:
                    is_open = True
                elif reply.outcome.is_closed and verifier.pair_is_good(look.node, look.node, number):
                    is_open = False
                yield SentinelSight(node=look.node, started=latest, is_open=is_open)
