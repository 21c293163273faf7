"""A round: every pending flow is asked, with its controls at the same time.

Every source has one batch with its flows and its own dials; every destination dials itself; the
controls of the nodes involved dial one another. Flows beyond the limits go in several waves, each
with its own controls.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from netprobe.model.flow import Flow, PodRef
from netprobe.model.observation import Attempt, Outcome, Phase
from netprobe.model.topology import Pod
from netprobe.probing.reply import Reply
from netprobe.runner.controls import Controls
from netprobe.runner.overload import Budget
from netprobe.runner.plan import Looks, Plan, Watch
from netprobe.runner.sessions import Answer, Sessions
from netprobe.runner.sheet import Sheet
from netprobe.runner.site import Site
from netprobe.runner.targets import Target
from netprobe.runner.verify import Verifier

EARLY_HEAD = 0.08
"""Seconds by which the early looks at the sentinels are ahead of everything else in a round."""


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
        self._budget.pace(sum(sheet.cost for sheet in (*plan.sheets.values(), *plan.early.values())))
        sent = self._site.now()
        early, by_pod = self._exchange_all(plan)
        answers = (*early.values(), *by_pod.values())
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
        result.sentinels.extend(self._early_sights(plan, early, verifier, sent))

    def _exchange_all(self, plan: Plan) -> tuple[dict[str, Answer], dict[str, Answer]]:
        """The answers to the early looks, and those to everything else, by the pods' UIDs."""
        # The sentinel is looked at a moment earlier: what is asked after its flip then begins after it, too.
        head = min(1.0, EARLY_HEAD + 2 * self._sessions.error()) if plan.early else 0.0
        early: dict[str, Answer] = {}

        def exchange(sheet: Sheet) -> Answer:
            if looks := plan.early.get(sheet.pod.uid):
                early[sheet.pod.uid] = self._ask(looks)
            elif not plan.is_control(sheet.pod):
                self._site.options.clock.wait(head)
            return self._ask(sheet)

        sheets = list(plan.sheets.values())
        answers = self._site.options.clock.together([partial(exchange, sheet) for sheet in sheets])
        return early, {sheet.pod.uid: answer for sheet, answer in zip(sheets, answers, strict=True)}

    def _ask(self, sheet: Sheet) -> Answer:
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
    ) -> Iterator[SentinelSight]:
        for look in plan.sentinel_watches:
            answer = by_pod[look.client.uid]
            for reply in _replies_to(look.request, answer):
                good = verifier.pair_is_good(look.node, look.node, reply.attempt)
                yield _sight(look.node, answer, reply, sent, good=good)

    @staticmethod
    def _early_sights(
        plan: Plan, early: Mapping[str, Answer], verifier: Verifier, sent: float
    ) -> Iterator[SentinelSight]:
        for look in plan.sentinel_watches:
            answer = early[look.client.uid]
            # The control's own dial follows on the last early look: it vouches for all of them.
            good = verifier.pair_is_good(look.node, look.node, 0)
            for reply in _replies_to(look.early, answer):
                yield _sight(look.node, answer, reply, sent, good=good)


def _replies_to(request: str, answer: Answer) -> list[Reply]:
    return [reply for (asked, _), reply in sorted(answer.replies.items()) if asked == request]


def _sight(node: str, answer: Answer, reply: Reply, sent: float, *, good: bool) -> SentinelSight:
    """One look; a silent one is evidence only beside a good control."""
    latest = answer.mapping.latest(reply.started) if answer.mapping and reply.started else sent
    is_open: bool | None = None
    if reply.outcome.is_open:
        is_open = True
    elif reply.outcome.is_closed and good:
        is_open = False
    return SentinelSight(node=node, started=latest, is_open=is_open)
