"""The baseline: every flow once before any policy, so that silence later means something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from netprobe.model.flow import Flow, PodRef
from netprobe.model.observation import Attempt, Observation, Outcome, Phase
from netprobe.runner.controls import Controls
from netprobe.runner.plan import Looks
from netprobe.runner.rounds import Ask, Rounds
from netprobe.runner.sentinel import Sentinel
from netprobe.runner.settle import ATTEMPT_TIMEOUT
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot
from netprobe.runner.targets import NoTarget, Target, Targets

MORE_ROUNDS = 4
"""How often flows that were not open are asked again before that is the baseline."""

PAUSE = 1.0
"""Seconds between these rounds: a Service or a name may need a moment to appear."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """The baseline as later steps need it: outcomes by flow key, and the UIDs of the pods then."""

    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    uids: Mapping[PodRef, str] = field(default_factory=dict)

    def of(self, flow: Flow, snapshot: Snapshot) -> tuple[Outcome | None, bool]:
        """The baseline of a flow, and whether a pod of it is younger than the baseline.

        For a flow with a younger pod the outcome is None: it speaks of another pod.
        """
        now = {ref: pod.uid for ref, pod in snapshot.pods().items()}
        ends = [flow.source]
        if isinstance(flow.destination, PodRef):
            ends.append(flow.destination)
        younger = any(now.get(ref) != self.uids.get(ref) for ref in ends)
        return (None, True) if younger else (self.outcomes.get(flow.key), False)


@dataclass(kw_only=True, slots=True)
class _Trail:
    flow: Flow
    target: Target
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """CONNECTED if it ever was, else the last outcome."""
        opened = any(attempt.outcome.is_open for attempt in self.attempts)
        return Outcome.CONNECTED if opened else self.attempts[-1].outcome


def measure_baseline(
    site: Site, flows: Iterable[Flow], snapshot: Snapshot, rounds: Rounds, sentinel: Sentinel
) -> tuple[Before, tuple[Observation, ...]]:
    """Ask every flow that has a target now; returns what later steps need, and what the journal keeps.

    A bystander is not asked: its own policies are in force, so what is seen is no baseline.
    """
    targets, controls = Targets(site, snapshot), Controls(snapshot)
    found = [(flow, targets.of(flow)) for flow in flows]
    trails = [_Trail(flow=flow, target=target) for flow, target in found if _has_baseline(target)]
    pending: Sequence[_Trail] = trails
    for number in range(1 + MORE_ROUNDS):
        if number:
            site.options.clock.wait(PAUSE)
        result = rounds.run(
            [
                Ask(flow=trail.flow, target=trail.target, attempts=1, timeout=ATTEMPT_TIMEOUT)
                for trail in pending
            ],
            controls,
            looks=Looks(nodes=controls.nodes if number == 0 else (), count=1),
            lookup=targets.lookup(),
            pods=snapshot.pods(),
        )
        sentinel.learn(result.sentinels)
        for trail in pending:
            trail.attempts.extend(
                replace(attempt, phase=Phase.BASELINE) for attempt in result.attempts[trail.flow.key]
            )
        pending = [trail for trail in trails if trail.outcome is not Outcome.CONNECTED]
        site.watcher.progress(len(trails) - len(pending), len(trails))
        if not pending:
            break
    if pending:
        site.watcher.warning(_warning(pending))
    before = Before(
        outcomes={trail.flow.key: trail.outcome for trail in trails},
        uids={ref: pod.uid for ref, pod in snapshot.pods().items()},
    )
    observations = (
        Observation(flow=trail.flow.key, attempts=tuple(trail.attempts), baseline=trail.outcome)
        for trail in trails
    )
    return before, tuple(observations)


def _has_baseline(target: Target | NoTarget) -> TypeGuard[Target]:
    return isinstance(target, Target) and target.bystander is None


def _warning(pending: Sequence[_Trail]) -> str:
    first = pending[0]
    return (
        f"{len(pending)} flows are not open even before any policy, such as {first.flow.key} "
        f"({first.outcome.value}): silence on them will prove nothing"
    )
