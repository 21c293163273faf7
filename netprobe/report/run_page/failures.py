"""What is not PASS, in whole sentences and without a script: causes, an example each, all that are alike."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from netprobe.model.finding import Finding, Kind
from netprobe.model.run import StepResult
from netprobe.report.grouping import Group, group_findings
from netprobe.report.html.marks import Mark, mark, mark_of_verdict
from netprobe.report.naming import Names, how_words, names_of, port_words
from netprobe.report.responsible import Ref, place_text, reference_text, responsible_for
from netprobe.report.run_page.attempts import MOST

_PARTIES = {Kind.LEAK: "the network", Kind.BLOCKED: "the network", Kind.POLICY_MISTAKE: "the policies"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A group of equal findings as the page tells it.

    ``party`` is who is wrong, "" where nobody is known to be. ``lines`` name all that are alike, those of
    one source together; ``places`` say which policy, rule and line of the intent it rests on.
    """

    mark: Mark
    party: str
    text: str
    link: str
    count: int
    expected: str
    evidence: str
    places: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    left: int


def causes_of(step: StepResult, anchor: str = "") -> tuple[Cause, ...]:
    """Return the causes in a step, worst first; ``anchor`` goes before ids in links."""
    names = names_of(step.findings)
    return tuple(_cause(group, names, anchor) for group in group_findings(step.findings, names))


def link_to(finding: Finding, anchor: str = "") -> str:
    """Return the permalink of a finding inside its page."""
    return f"#{quote(anchor + finding.id, safe='')}"


def places_of(finding: Finding) -> tuple[str, ...]:
    """Return who made it so: the policies and rules, and the intent's line, each with its place."""
    found = [_reference(ref) for ref in responsible_for(finding.decision)]
    if finding.intent is not None and finding.intent.place is not None:
        found.append(f"intent “{finding.intent.text}” ({finding.intent.place})")
    return tuple(dict.fromkeys(found))


def _cause(group: Group, names: Names, anchor: str) -> Cause:
    example = group.example
    base = mark_of_verdict(group.verdict)
    shown = mark(group.label, base.tone) if group.kind is not None else base
    lines: dict[str, list[str]] = {}
    for finding in group.others[:MOST]:
        flow = finding.flow
        how = f" {how_words(flow)}" if how_words(flow) else ""
        lines.setdefault(names.end(flow.source), []).append(
            f"{names.end(flow.destination)}{port_words(flow)}{how}"
        )
    return Cause(
        mark=shown,
        party=_PARTIES.get(group.kind, "") if group.kind is not None else "",
        text=example.explanation,
        link=link_to(example, anchor),
        count=1 + len(group.others),
        expected=_expected(example),
        evidence=_evidence(example),
        places=places_of(example),
        lines=tuple((source, ", ".join(ends)) for source, ends in lines.items()),
        left=max(0, len(group.others) - MOST),
    )


def _expected(finding: Finding) -> str:
    parts = []
    if finding.decision is not None:
        parts.append(f"policies: {finding.decision.answer.value}")
    if finding.intent is not None:
        parts.append(f"intent: {finding.intent.expectation.value} ({finding.intent.text})")
    return "; ".join(parts)


def _evidence(finding: Finding) -> str:
    attempts = finding.observation.attempts if finding.observation is not None else ()
    if not attempts:
        return ""
    counts: dict[str, int] = {}
    for attempt in attempts:
        counts[attempt.outcome.value] = counts.get(attempt.outcome.value, 0) + 1
    words = ", ".join(f"{count} × {outcome}" for outcome, count in counts.items())
    broken = next((a.broken_control for a in attempts if a.broken_control), "")
    return f"{words}; control failed: {broken}" if broken else words


def _reference(ref: Ref) -> str:
    place = place_text(ref)
    return f"{reference_text(ref)} ({place})" if place else reference_text(ref)
