"""From judged flows to the verdicts of features, nodes and the whole network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from netprobe.audit.board.cases import FEATURES
from netprobe.audit.board.feature import Phase
from netprobe.audit.canaries import CanaryLine, canary_lines
from netprobe.audit.nodes import AuditedNode
from netprobe.audit.writing import Line, as_on_board
from netprobe.model.audit import Enforcement, FeatureResult, NodeResult, Tally
from netprobe.model.finding import Finding, Kind, Seen, Verdict
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.model.run import RunResult

Found = Mapping[tuple[str, str], Finding]
"""Findings by step and by the intent line that asked for them."""

_MOST_EXAMPLES = 2


def findings_by_line(result: RunResult) -> dict[tuple[str, str], Finding]:
    """Return the findings by (step, line); the worst where a line means several Services."""
    found: dict[tuple[str, str], Finding] = {}
    for step in result.steps:
        for finding in step.findings:
            if finding.intent is not None:
                key = (step.name, as_on_board(finding.intent.text, result.run_id))
                found[key] = max(found.get(key, finding), finding, key=_severity)
    return found


def _severity(finding: Finding) -> int:
    return finding.network.verdict.severity


def assess_features(found: Found) -> tuple[FeatureResult, ...]:
    """Return what became of every feature that was probed, in the order of the board."""
    return tuple(
        result
        for feature in FEATURES
        if (
            result := _feature(
                feature.name,
                feature.title,
                [found[key] for key in _keys(feature.phase, (*feature.allow, *feature.deny)) if key in found],
            )
        )
        is not None
    )


def _keys(phase: Phase, texts: Iterable[str]) -> list[tuple[str, str]]:
    lines = (Line(phase=phase, text=text, allowed=True) for text in texts)
    return [(phase.value, line.full) for line in lines]


def _feature(name: str, title: str, findings: Sequence[Finding]) -> FeatureResult | None:
    if not findings:
        return None
    wrong = [each for each in findings if _deviates(each)]
    return FeatureResult(
        name=name,
        title=title,
        verdict=enforcement_of(findings),
        tally=tally_of(findings),
        examples=tuple(each.explanation for each in wrong[:_MOST_EXAMPLES]),
    )


def tally_of(findings: Iterable[Finding]) -> Tally:
    """Count findings by what they say of the network."""
    agreed = leaked = blocked = unanswered = skipped = denials = 0
    reason = ""
    for finding in findings:
        match _word(finding):
            case "LEAK":
                leaked += 1
            case "BLOCKED":
                blocked += 1
            case "PASS":
                agreed += 1
            case "SKIP":
                skipped += 1
                reason = reason or finding.explanation
            case _:
                unanswered += 1
                reason = reason or finding.explanation
        denials += _word(finding) == "LEAK" or (_word(finding) == "PASS" and finding.seen is not Seen.OPEN)
    return Tally(
        agreed=agreed,
        leaked=leaked,
        blocked=blocked,
        unanswered=unanswered,
        skipped=skipped,
        denials=denials,
        reason=reason,
    )


def _word(finding: Finding) -> str:
    """What the network did against the policies; an open question of Kubernetes is no fault of it."""
    comparison = finding.network
    if comparison.kind in (Kind.LEAK, Kind.BLOCKED):
        return comparison.kind.value
    if comparison.verdict is Verdict.UNDEFINED:
        return Verdict.SKIP.value
    return comparison.verdict.value


def _deviates(finding: Finding) -> bool:
    return _word(finding) in (Kind.LEAK.value, Kind.BLOCKED.value)


def enforcement_of(findings: Sequence[Finding]) -> Enforcement:
    """The verdict over findings: a deviation is proof; what gave no answer keeps it from being ENFORCED."""
    tally = tally_of(findings)
    if tally.leaked and tally.leaked == tally.denials:
        return Enforcement.NOT_ENFORCED
    if tally.leaked or tally.blocked:
        return Enforcement.PARTIALLY_ENFORCED
    if tally.unanswered:
        return Enforcement.INCONCLUSIVE
    return Enforcement.ENFORCED if tally.agreed else Enforcement.SKIPPED


def assess_nodes(
    nodes: Sequence[AuditedNode], found: Found, seconds: Mapping[str, float]
) -> tuple[NodeResult, ...]:
    """Return what the canaries of each node came to; ``seconds`` is when a policy took effect there."""
    lines = list(canary_lines(nodes))
    return tuple(
        _node(node.name, [line for line in lines if line.node == node.name], found, seconds) for node in nodes
    )


def _node(name: str, lines: Sequence[CanaryLine], found: Found, seconds: Mapping[str, float]) -> NodeResult:
    cells: dict[tuple[Direction, Protocol], list[Finding]] = {}
    everything: list[Finding] = []
    for line in lines:
        key = (line.phase.value, Line(phase=line.phase, text=line.text, allowed=line.allowed).full)
        if key not in found:
            continue
        everything.append(found[key])
        if line.direction is not None:
            cells.setdefault((line.direction, found[key].flow.protocol), []).append(found[key])
    return NodeResult(
        node=name,
        verdict=enforcement_of(everything),
        cells={key: enforcement_of(findings) for key, findings in cells.items()},
        seconds=seconds.get(name),
    )
