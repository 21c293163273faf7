"""From a recorded run of the board to the result of the audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from netprobe.audit.assessment import assess_features, assess_nodes, enforcement_of, findings_by_line
from netprobe.audit.board.pods import FIRST_LABELS
from netprobe.audit.bystanders import Bystander, assess_bystanders, split
from netprobe.audit.diagnosis import Diagnosis, Sight, diagnose
from netprobe.audit.explanations import explanations, not_refuted
from netprobe.audit.history import History, State
from netprobe.audit.nodes import Choice
from netprobe.audit.predicting import wrong_backends
from netprobe.audit.windows import assess_window, suspect_window
from netprobe.manifests.policy import decode_policy_body
from netprobe.model.audit import Audit, BystanderResult, BystanderWord, Enforcement, Established
from netprobe.model.decision import Answer
from netprobe.model.finding import Finding, Kind, Seen, Verdict
from netprobe.model.flow import PodRef
from netprobe.model.run import HeldState, RunResult
from netprobe.model.topology import Pod, Topology
from netprobe.record.records import Recording
from netprobe.runner.results import answer_of

_SEEN = {Seen.OPEN: Answer.ALLOW, Seen.CLOSED: Answer.DENY}


def conclude(
    result: RunResult, recording: Recording, choice: Choice, bystanders: Sequence[Bystander] = ()
) -> Audit:
    """Return what the run says of the network, and of the user's own pods."""
    refs = frozenset(each.ref for each in bystanders)
    found = findings_by_line(result)
    findings, about_bystanders = split(found.values(), refs)
    window = assess_window((step, finding) for (step, _), finding in found.items())
    features = (*assess_features(found), *((window,) if window is not None else ()))
    nodes = assess_nodes(choice.nodes, found, _seconds(result))
    diagnosis = _diagnose(result, recording, choice, refs)
    verdict = enforcement_of(findings)
    others = assess_bystanders(bystanders, about_bystanders)
    suspects, deviations = diagnosis.fitting, diagnosis.deviations
    if verdict is Enforcement.ENFORCED and (early := suspect_window(window)):
        verdict, suspects, deviations = Enforcement.PARTIALLY_ENFORCED, early, early[0].deviations
    verdict = _with_bystanders(verdict, others)
    if result.interrupted and verdict is Enforcement.ENFORCED:
        verdict = Enforcement.INCONCLUSIVE
    audit = Audit(
        verdict=verdict if verdict is not Enforcement.SKIPPED else Enforcement.INCONCLUSIVE,
        sentence="",
        features=features,
        nodes=nodes,
        bystanders=others,
        established=tuple(_established(result)),
        suspects=suspects,
        near=diagnosis.near,
        deviations=deviations,
        probes=len(findings),
        excluded=choice.excluded,
        notes=result.notes,
    )
    return replace(audit, sentence=_sentence(audit, result, findings))


def _with_bystanders(verdict: Enforcement, others: Sequence[BystanderResult]) -> Enforcement:
    """A deviation about a user's own pod is one; where there is no answer about it, not all is enforced."""
    theirs = {each.verdict for each in others}
    if verdict in (Enforcement.ENFORCED, Enforcement.INCONCLUSIVE, Enforcement.SKIPPED):
        if theirs & {Enforcement.PARTIALLY_ENFORCED, Enforcement.NOT_ENFORCED}:
            return Enforcement.PARTIALLY_ENFORCED
        if Enforcement.INCONCLUSIVE in theirs:
            return Enforcement.INCONCLUSIVE
    return verdict


def _seconds(result: RunResult) -> dict[str, float]:
    """When the policies of the first step took effect on each node, in seconds after they were written."""
    readings = result.steps[0].sentinels if result.steps else ()
    return {reading.node: reading.seconds for reading in readings if reading.flipped}


def _established(result: RunResult) -> Iterator[Established]:
    """What became of connections from before the policies, where these closed new ones."""
    for step in result.steps[:1]:
        seen = {finding.flow.key: finding.seen for finding in step.findings}
        for number, reading in enumerate(step.held):
            told = reading
            if seen.get(reading.flow) is not Seen.CLOSED:
                detail = "new connections were not seen closed either"
                told = replace(reading, state=HeldState.UNKNOWN, seconds=0.0, detail=detail)
            yield Established(where="between nodes" if number else "on one node", reading=told)


def _diagnose(
    result: RunResult, recording: Recording, choice: Choice, others: frozenset[PodRef]
) -> Diagnosis:
    histories = _histories(recording)
    sights = [
        Sight(step=number, flow=finding.flow, seen=_SEEN[finding.seen])
        for number, step in enumerate(result.steps[: len(histories)])
        for finding in step.findings
        if finding.flow.destination not in others
        and finding.seen in _SEEN
        and not _is_silent_by_chance(finding)
        and finding.network.verdict not in (Verdict.INCONCLUSIVE, Verdict.SKIP)
    ]
    if not sights:
        return Diagnosis()
    known = not_refuted(explanations(node.name for node in choice.nodes), _seconds(result))
    return diagnose(sights, histories, known, answer_of(recording.calibration))


def _is_silent_by_chance(finding: Finding) -> bool:
    """Whether none answered that must not, by a Service that picks one of several at random."""
    mixed = finding.decision is not None and bool(wrong_backends(finding.decision))
    return mixed and finding.network.kind is not Kind.LEAK


def _histories(recording: Recording) -> Sequence[History]:
    """For each step the states up to it; before the first step there was no policy."""
    states = [
        State(
            topology=step.state.topology,
            policies=tuple(decode_policy_body(body) for body in step.state.policies),
        )
        for step in recording.steps
    ]
    if not states:
        return ()
    states.insert(0, State(topology=_before_the_first_labels(states[0].topology)))
    return [tuple(states[: number + 2]) for number in range(len(recording.steps))]


def _before_the_first_labels(topology: Topology) -> Topology:
    """The same pods without what the first step gave them: there is no record of the time before it."""

    def bare(pod: Pod) -> Pod:
        given = FIRST_LABELS.get(f"{pod.namespace}/{pod.workload}", {})
        return replace(pod, labels={name: text for name, text in pod.labels.items() if name not in given})

    return replace(topology, pods=tuple(map(bare, topology.pods)))


def _sentence(audit: Audit, result: RunResult, findings: Sequence[Finding]) -> str:
    total = len(audit.nodes) + len(audit.excluded)
    where = f"on {len(audit.nodes)} of {total} nodes" if audit.excluded else _on_nodes(len(audit.nodes))
    match audit.verdict:
        case Enforcement.ENFORCED:
            return f"NetworkPolicies are enforced {where}: all {audit.probes} probes agree with the policies"
        case Enforcement.NOT_ENFORCED:
            return (
                f"NetworkPolicies are accepted and not enforced {where}: nothing that they deny was blocked"
            )
        case Enforcement.PARTIALLY_ENFORCED:
            return f"NetworkPolicies are enforced in part {where}: {_parts(audit)}"
        case _:
            return f"this audit proves nothing: {_why(result, findings, audit.bystanders)}"


def _on_nodes(count: int) -> str:
    return "on the one node" if count == 1 else f"on all {count} nodes"


def _parts(audit: Audit) -> str:
    features, nodes = audit.features, audit.nodes
    bad: Mapping[str, None] = dict.fromkeys(
        each.node
        for each in nodes
        if each.verdict in (Enforcement.NOT_ENFORCED, Enforcement.PARTIALLY_ENFORCED)
    )
    wrong = [each for each in features if each.tally.leaked or each.tally.blocked]
    leaked = sum(each.tally.leaked for each in wrong)
    blocked = sum(each.tally.blocked for each in wrong)
    counts = " and ".join(
        text for count, text in ((leaked, f"{leaked} leaks"), (blocked, f"{blocked} blocks")) if count
    )
    names = ", ".join(each.title for each in wrong[:4]) + (" …" if len(wrong) > 4 else "")
    told = [f"{counts} in {names}"] if wrong else []
    if bad and len(bad) < len(nodes):
        told.append(f"nodes with gaps: {', '.join(bad)}")
    told += _about(audit.bystanders)
    return "; ".join(told) or "on some nodes only"


def _about(bystanders: Sequence[BystanderResult]) -> list[str]:
    flows = [(each, flow) for each in bystanders for flow in each.flows]
    told = []
    for word, text in ((BystanderWord.LEAK, "leak"), (BystanderWord.BLOCKED, "block")):
        found = [each.title for each, flow in flows if flow.word is word]
        if found:
            names = ", ".join(dict.fromkeys(found))
            told.append(f"{len(found)} {text}{'' if len(found) == 1 else 's'} of flows to {names}")
    return told


def _why(result: RunResult, findings: Sequence[Finding], bystanders: Sequence[BystanderResult]) -> str:
    if result.interrupted:
        return result.interrupted
    open_ones = [each for each in findings if each.network.verdict is Verdict.INCONCLUSIVE]
    if not findings:
        return "no probe was made"
    silent = [flow.text for each in bystanders for flow in each.flows if flow.word is BystanderWord.NO_ANSWER]
    if silent and not open_ones:
        return f"{len(silent)} probes of pods named with --also gave no answer, the first: {silent[0]}"
    first = open_ones[0].explanation if open_ones else "no probe gave an answer"
    return f"{len(open_ones)} of {len(findings)} probes gave no answer, the first: {first}"
