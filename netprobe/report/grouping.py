"""Findings that say the same thing, brought together: one is explained, the others are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netprobe.model.decision import Answer, Decision, DirectionDecision
from netprobe.model.finding import Expectation, Finding, Kind, Seen, Verdict
from netprobe.model.flow import DnsRef, PodRef
from netprobe.report.naming import Names


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Findings with one verdict and one cause: the simplest one as example, and the others in order."""

    verdict: Verdict
    kind: Kind | None
    example: Finding
    others: tuple[Finding, ...]

    @property
    def label(self) -> str:
        """What stands before the explanation: the kind of failure, or the verdict."""
        return self.kind.value if self.kind is not None else self.verdict.value


def group_findings(findings: Sequence[Finding], names: Names) -> tuple[Group, ...]:
    """Return the findings that are not PASS, grouped by cause, worst verdict first."""
    causes: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        if finding.verdict is not Verdict.PASS:
            causes.setdefault((finding.verdict, finding.kind, *_cause(finding, names)), []).append(finding)
    groups = [_group(same) for same in causes.values()]
    return tuple(
        sorted(groups, key=lambda g: (-g.verdict.severity, list(Kind).index(g.kind) if g.kind else 0))
    )


def _group(findings: Sequence[Finding]) -> Group:
    example = min(findings, key=lambda f: len(f.explanation))
    others = tuple(f for f in findings if f is not example)
    return Group(verdict=example.verdict, kind=example.kind, example=example, others=others)


def denied_on_purpose(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that passed by being blocked because a ``deny:`` line of the intent names them."""
    return tuple(
        f
        for f in findings
        if f.verdict is Verdict.PASS
        and f.intent is not None
        and f.intent.expectation is Expectation.DENY
        and not f.intent.text.startswith("default")
    )


def without_names(findings: Sequence[Finding]) -> dict[PodRef, tuple[str, ...]]:
    """Return the pods that resolve no names because the policies deny them DNS, and the policies' names.

    Only what was seen counts: a DNS flow that is closed, or a name that was not resolved.
    """
    pods: dict[PodRef, dict[str, None]] = {}
    for finding in findings:
        decision = _dns_decision(finding)
        if finding.verdict is Verdict.PASS and decision is not None and decision.answer is Answer.DENY:
            policies = pods.setdefault(finding.flow.source, {})
            ends = [
                e for e in (decision.egress, decision.ingress) if e is not None and e.answer is Answer.DENY
            ]
            policies.update(dict.fromkeys(ref.policy for end in ends for ref in end.isolating))
    return {pod: tuple(policies) for pod, policies in pods.items()}


def _dns_decision(finding: Finding) -> Decision | None:
    if isinstance(finding.flow.destination, DnsRef) and finding.seen is Seen.CLOSED:
        return finding.decision
    if finding.seen is Seen.NAME_FAILED and finding.decision is not None:
        return finding.decision.dns
    return None


def _cause(finding: Finding, names: Names) -> tuple[object, ...]:
    """Return what makes findings alike: the policies got past, the line broken, the place, or the words."""
    if finding.kind is Kind.LEAK:
        return _deniers(finding.decision)
    if finding.kind is Kind.POLICY_MISTAKE and finding.intent is not None:
        return (finding.intent.text, finding.intent.place)
    if finding.kind is Kind.BLOCKED:
        return (finding.flow.destination, finding.flow.port, finding.flow.protocol)
    return (_words(finding, names),)


def _deniers(decision: Decision | None) -> tuple[object, ...]:
    """Return the policies that one end was to be held by: the destination's, else the source's, else DNS."""
    if decision is None:
        return ()
    ends: list[DirectionDecision | None] = [decision.ingress, decision.egress]
    if decision.dns is not None:
        ends.append(decision.dns.egress)
    for end in ends:
        if end is not None and end.answer is Answer.DENY:
            return (end.direction, *((ref.namespace, ref.policy) for ref in end.isolating))
    return ()


def _words(finding: Finding, names: Names) -> str:
    """Return the reason with the flow's own names taken out, so that equal causes read equal."""
    flow = finding.flow
    reason = finding.network.reason or finding.explanation
    for name in (
        str(flow.source),
        str(flow.destination),
        names.end(flow.source),
        names.end(flow.destination),
    ):
        reason = reason.replace(name, "…")
    return reason.replace(f":{flow.port}", "").replace(f"{flow.service}:{flow.service_port}", "")
