"""From a recording to the judged result: the one function behind ``run`` and ``judge`` alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from netprobe.judge.judge import Setting, judge
from netprobe.judge.wording import naming_for
from netprobe.manifests.admin import decode_admin_policy_body
from netprobe.manifests.policy import decode_policy_body
from netprobe.model.decision import Decision
from netprobe.model.finding import Finding
from netprobe.model.flow import Flow, PodRef
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.observation import Observation
from netprobe.model.run import RunResult, StepResult
from netprobe.model.scenario import Scenario, Step
from netprobe.model.topology import Topology
from netprobe.oracle.decide import Oracle
from netprobe.record.records import Calibration, RecordedStep, Recording
from netprobe.runner.authorship import Written, with_places, written_until
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.intent import intent_for
from netprobe.scenario.load import load_from_files

NOT_MEASURED = "the run ended before this flow was measured"
KILLED = "the run was killed: its journal has no end"


def rejudge(recording: Recording) -> RunResult:
    """Judge a recording; the same recording always gives the same result.

    Raises InputError when the recorded scenario or policies cannot be read by this netprobe.
    """
    header = recording.header
    scenario = load_from_files(header.files, header.origin)
    if recording.skipped:
        steps = tuple(_skipped(scenario, step, recording.skipped) for step in scenario.steps)
    else:
        by_name = {step.name: step for step in scenario.steps}
        ip_blocks = answer_of(recording.calibration)
        steps = tuple(
            _judged(scenario, by_name[each.state.step], each, ip_blocks) for each in recording.steps
        )
    end = recording.end
    return RunResult(
        run_id=header.run_id,
        scenario=scenario.name,
        title=scenario.title,
        cluster=header.cluster,
        netprobe_version=header.netprobe_version,
        started=header.started,
        seconds=end.seconds if end else sum(step.seconds for step in steps),
        steps=steps,
        headlines=headlines(recording),
        notes=(
            *(end.notes if end else ()),
            *_about_ip_blocks(recording.calibration),
            *_unreadable(recording.steps),
        ),
        interrupted=end.reason if end else KILLED,
        figures=end.figures if end else {},
        features=tuple(sorted(scenario.features)),
    )


def headlines(recording: Recording) -> tuple[str, ...]:
    """What stands above all findings: the nodes where netprobe's own policies had no effect, once each."""
    nodes = [
        reading.node
        for step in recording.steps
        if step.end is not None
        for reading in step.end.sentinels
        if reading.closing and reading.flipped is False
    ]
    if recording.calibration is not None and recording.calibration.not_enforced_on:
        nodes.insert(0, recording.calibration.not_enforced_on)
    return tuple(dict.fromkeys(headline(node) for node in nodes))


def headline(node: str) -> str:
    """The sentence for a node where a policy of netprobe's own never had an effect."""
    return f"NetworkPolicy is not enforced on {node}"


def answer_of(calibration: Calibration | None) -> IpBlocksMeanPods:
    """Whether ipBlocks mean pods, UNKNOWN for a run that had no need to know."""
    return calibration.ip_blocks_mean_pods if calibration is not None else IpBlocksMeanPods.UNKNOWN


def decide_all(
    topology: Topology,
    policies: Iterable[Mapping[str, object]],
    flows: Iterable[Flow],
    *,
    admin_policies: Iterable[Mapping[str, object]] = (),
    ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN,
    written: Written = MappingProxyType({}),
) -> dict[str, Decision]:
    """The oracle's decisions by flow key, with the places of what is ``written`` in the author's files.

    Raises InputError for a policy that it cannot read.
    """
    oracle = Oracle(
        topology,
        [with_places(decode_policy_body(body), written) for body in policies],
        admin_policies=[decode_admin_policy_body(body) for body in admin_policies],
        ip_blocks_mean_pods=ip_blocks_mean_pods,
    )
    return {flow.key: oracle.decide(flow) for flow in flows}


def peers_of(topology: Topology) -> dict[str, str]:
    """Who answers where: ``namespace/pod`` to the pod's primary address."""
    return {f"{pod.namespace}/{pod.name}": pod.ips[0] for pod in topology.pods if pod.ips}


def _judged(
    scenario: Scenario, step: Step, recorded: RecordedStep, ip_blocks: IpBlocksMeanPods
) -> StepResult:
    flows, state = flows_of_step(scenario, step), recorded.state
    decisions = decide_all(
        state.topology,
        state.policies,
        flows,
        admin_policies=state.admin_policies,
        ip_blocks_mean_pods=ip_blocks,
        written=written_until(scenario, step),
    )
    disturbed = recorded.end.disturbed if recorded.end else {}
    observations = {each.flow: each for each in recorded.observations}
    setting = replace(_setting(scenario, step, flows), peers=peers_of(state.topology))
    findings = []
    for flow in flows:
        observation = observations.get(flow.key)
        if observation is None:
            observation = Observation(flow=flow.key, disturbed=NOT_MEASURED)
        elif flow.key in disturbed and not observation.disturbed:
            observation = replace(observation, disturbed=disturbed[flow.key])
        intent = intent_for(scenario, step, flow)
        findings.append(judge(flow, decisions[flow.key], intent, observation, setting))
    return StepResult(
        name=step.name,
        findings=tuple(findings),
        sentinels=recorded.end.sentinels if recorded.end else (),
        held=recorded.end.held if recorded.end else (),
        seconds=recorded.end.seconds if recorded.end else 0.0,
        complete=recorded.end is not None and recorded.end.complete,
    )


def _skipped(scenario: Scenario, step: Step, reason: str) -> StepResult:
    flows = flows_of_step(scenario, step)
    setting = _setting(scenario, step, flows)
    findings: list[Finding] = []
    for flow in flows:
        observation = Observation(flow=flow.key, skipped=reason)
        findings.append(judge(flow, None, intent_for(scenario, step, flow), observation, setting))
    return StepResult(name=step.name, findings=tuple(findings))


def _setting(scenario: Scenario, step: Step, flows: Iterable[Flow]) -> Setting:
    ends = [end for flow in flows for end in (flow.source, flow.destination) if isinstance(end, PodRef)]
    return Setting(prefix=f"{scenario.name}/{step.name}", naming=naming_for(ends))


def _about_ip_blocks(calibration: Calibration | None) -> tuple[str, ...]:
    """The note about ipBlocks and pods, for runs where it matters."""
    if calibration is None:
        return ()
    how = "measured" if calibration.measured else "the setting ipblock-selects-pods says so"
    match calibration.ip_blocks_mean_pods:
        case IpBlocksMeanPods.YES:
            return (f"ipBlocks are held against pod addresses here: {how}",)
        case IpBlocksMeanPods.NO:
            return (f"ipBlocks are not held against pod addresses here: {how}",)
        case IpBlocksMeanPods.UNKNOWN:
            why = calibration.reason or how
            return (f"whether ipBlocks are held against pod addresses here is left open: {why}",)


def _unreadable(steps: Iterable[RecordedStep]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for step in steps for text in step.state.unreadable))
