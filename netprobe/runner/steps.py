"""One step: its writes, the flip of the sentinel, the settling of every flow, and what disturbed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from netprobe.errors import NetprobeError
from netprobe.model.decision import Decision
from netprobe.model.flow import ExternalRef, Flow
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.observation import Observation, Outcome
from netprobe.model.run import HeldReading
from netprobe.model.scenario import Scenario, Step
from netprobe.record.journal import JournalWriter
from netprobe.record.records import Measured, StepEnd, StepState
from netprobe.runner.actions import perform
from netprobe.runner.baseline import Before
from netprobe.runner.controls import Controls
from netprobe.runner.deploy import Deployer
from netprobe.runner.disturbances import disturbances
from netprobe.runner.first_dials import first_dials, is_about
from netprobe.runner.holding import Holding
from netprobe.runner.overruled import sentinel_is_overruled
from netprobe.runner.results import decide_all, headline, peers_of
from netprobe.runner.rounds import Rounds
from netprobe.runner.sentinel import Sentinel
from netprobe.runner.sessions import Sessions
from netprobe.runner.settle import Settling, Trail
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot, read_snapshot
from netprobe.runner.targets import Target, Targets
from netprobe.scenario.flows import flows_of_step

SHORT_CEILING = 5.0
"""Seconds beyond the quiet time that flows may take once a sentinel never flipped."""

INTERRUPTED = "the run ended before this flow had settled"


@dataclass(kw_only=True, slots=True)
class Steps:
    """Runs the steps of a scenario one after the other, and writes each to the journal."""

    site: Site
    scenario: Scenario
    sessions: Sessions
    rounds: Rounds
    sentinel: Sentinel
    deployer: Deployer
    journal: JournalWriter
    before: Before = field(default_factory=Before)
    ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN
    holding: Holding | None = None
    """The connections that are held through the next step."""

    def run(self, step: Step, snapshot: Snapshot) -> Snapshot:
        """Run one step from the state ``snapshot``; returns the state after it.

        Raises EnvironmentFailure or RunInterrupted; what was measured is in the journal then.
        """
        begin, entered = self.site.now(), snapshot
        self.site.watcher.stage(f"step: {step.name}")
        if self.holding is not None:
            self.holding.open(snapshot)
        snapshot = perform(self.site, self.scenario, step, snapshot)
        if self.deployer.add_controls(snapshot):
            snapshot = read_snapshot(self.site, snapshot.surroundings)
        controls = Controls(snapshot)
        connect(self.sessions, snapshot)
        flows = flows_of_step(self.scenario, step)
        decisions = self.decide(snapshot, flows)
        self.journal.append(
            StepState(
                step=step.name,
                topology=snapshot.topology,
                policies=snapshot.policies,
                admin_policies=snapshot.admin_policies,
                unreadable=snapshot.unreadable,
            )
        )
        measuring = _Measuring(steps=self, step=step, entered=entered, snapshot=snapshot, begin=begin)
        early = first_dials(self.site, self.scenario, self.sessions, entered, snapshot)
        measuring.trails = measuring.find_trails(flows, decisions)
        for trail in measuring.trails:
            if trail.flow.source in early and is_about(trail.flow, self.scenario):
                trail.attempts.append(early[trail.flow.source])
        overruled = bool(snapshot.admin_policies) and sentinel_is_overruled(self.site, snapshot)
        self.sentinel.flip(controls, overruled=overruled)
        return measuring.run(controls, flows)

    def decide(self, snapshot: Snapshot, flows: Iterable[Flow]) -> dict[str, Decision]:
        """The oracle's decisions in this state, by flow key."""
        return decide_all(
            snapshot.topology,
            snapshot.policies,
            flows,
            admin_policies=snapshot.admin_policies,
            ip_blocks_mean_pods=self.ip_blocks_mean_pods,
        )

    def ask_held(self) -> tuple[HeldReading, ...]:
        """What became of the connections that were held through this step; there are none after it."""
        holding, self.holding = self.holding, None
        return () if holding is None else holding.ask(self.sentinel.written)

    def ceiling(self) -> float:
        """The ceiling of the next step, short once a node is known not to enforce anything."""
        if self.sentinel.not_enforced:
            short = self.site.limits.quiet_seconds + SHORT_CEILING
            return min(self.site.options.settle, self.site.no_effect_seconds, short)
        return self.site.options.settle


def connect(sessions: Sessions, snapshot: Snapshot) -> None:
    """Have a session in each scenario pod and control, and in no other pod."""
    pods = (*snapshot.own_pods().values(), *Controls(snapshot).clients())
    sessions.keep_only(pods)
    sessions.prepare(pod for pod in pods if pod.ips)


@dataclass(kw_only=True, slots=True)
class _Measuring:
    """The measuring of one step after its writes; ``entered`` is the state before them."""

    steps: Steps
    step: Step
    entered: Snapshot
    snapshot: Snapshot
    begin: float
    trails: list[Trail] = field(default_factory=list)

    def find_trails(self, flows: Sequence[Flow], decisions: dict[str, Decision]) -> list[Trail]:
        """The flows that can be asked; the others go to the journal at once, with the reason."""
        targets = Targets(self.steps.site, self.snapshot)
        trails = []
        for flow in flows:
            target, decision = targets.of(flow), decisions[flow.key]
            if not isinstance(target, Target):
                skipped, disturbed = (target.reason, "") if target.skip else ("", target.reason)
                self._write(replace(self._observation(flow), skipped=skipped, disturbed=disturbed))
            elif excuse := self._excuse(flow, target, decision):
                self._write(replace(self._observation(flow), skipped=excuse))
            else:
                trails.append(Trail(flow=flow, target=target, decision=decision))
        return trails

    def run(self, controls: Controls, flows: Sequence[Flow]) -> Snapshot:
        """Settle all flows and end the step in the journal; returns the state afterwards."""
        steps = self.steps
        settling = Settling(
            site=steps.site,
            rounds=steps.rounds,
            sentinel=steps.sentinel,
            controls=controls,
            pods=self.snapshot.pods(),
            peers=peers_of(self.snapshot.topology),
            lookup=Targets(steps.site, self.snapshot).lookup(),
            ceiling=steps.ceiling(),
            settled=lambda trail: self._settled(settling, trail),
        )
        try:
            in_time = settling.run(self.trails)
            self._write_unsettled(settling, "")
            held = steps.ask_held()
            after = read_snapshot(steps.site, self.snapshot.surroundings)
        except (NetprobeError, KeyboardInterrupt):
            self._write_unsettled(settling, INTERRUPTED)
            self._end(flows, self.snapshot, complete=False, at_ceiling=False)
            raise
        self._end(flows, after, complete=True, at_ceiling=not in_time, held=held)
        return after

    def _end(
        self,
        flows: Iterable[Flow],
        after: Snapshot,
        *,
        complete: bool,
        at_ceiling: bool,
        held: tuple[HeldReading, ...] = (),
    ) -> None:
        steps = self.steps
        known = set(steps.sentinel.not_enforced)
        readings = steps.sentinel.conclude(at_ceiling=at_ceiling)
        for node in steps.sentinel.not_enforced:
            if node not in known:
                steps.site.watcher.headline(headline(node))
        steps.journal.append(
            StepEnd(
                step=self.step.name,
                sentinels=readings,
                disturbed=disturbances(flows, self.entered, self.snapshot, after),
                held=held,
                seconds=round(steps.site.now() - self.begin, 3),
                complete=complete,
            )
        )

    def _settled(self, settling: Settling, trail: Trail) -> None:
        observation = self._observation(trail.flow)
        self._write(replace(observation, attempts=settling.counted(trail)))

    def _write_unsettled(self, settling: Settling, disturbed: str) -> None:
        for trail in self.trails:
            if not trail.settled:
                trail.settled = True
                observation = self._observation(trail.flow)
                self._write(replace(observation, attempts=settling.counted(trail), disturbed=disturbed))

    def _observation(self, flow: Flow) -> Observation:
        outcome, younger = self.steps.before.of(flow, self.snapshot)
        return Observation(flow=flow.key, baseline=outcome, younger=younger)

    def _write(self, observation: Observation) -> None:
        self.steps.journal.append(Measured(observation=observation))

    def _excuse(self, flow: Flow, target: Target, decision: Decision) -> str:
        """Why a flow is skipped here.

        An external one: its port is another one, and policies tell them apart. A pod to itself by a
        Service: not even without policies does it get there.
        """
        if flow.via.is_by_service and flow.source == flow.destination:
            outcome, younger = self.steps.before.of(flow, self.snapshot)
            if not younger and outcome is not Outcome.CONNECTED:
                return "no pod reaches itself through a Service here, with or without policies"
        if not isinstance(flow.destination, ExternalRef) or target.port == flow.port:
            return ""
        there = replace(flow, port=target.port)
        (other,) = self.steps.decide(self.snapshot, [there]).values()
        if other.answer is decision.answer:
            return ""
        return (
            f"{flow.destination}:{flow.port} is port {target.port} here, of which the policies say otherwise"
        )
