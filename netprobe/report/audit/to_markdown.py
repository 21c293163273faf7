"""An audit as Markdown, for pull requests and job summaries."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.audit import Audit, AuditReport, Enforcement, FeatureResult, Impact, Suspect
from netprobe.report.audit.affected import consequence, headline
from netprobe.report.audit.bystanders import HEADLINE, counts, notable
from netprobe.report.audit.wording import established_text
from netprobe.report.matrix.to_markdown import table_lines

_MARKS = {
    Enforcement.ENFORCED: "✅",
    Enforcement.PARTIALLY_ENFORCED: "❌",
    Enforcement.NOT_ENFORCED: "❌",
    Enforcement.INCONCLUSIVE: "❔",
    Enforcement.SKIPPED: "–",
}


def render(report: AuditReport) -> str:
    """Return the document: the verdict, the diagnosis, a row for each feature and node."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: AuditReport) -> Iterator[str]:
    audit = report.audit
    version = f", Kubernetes {report.cluster.version}" if report.cluster.version else ""
    yield f"## {_MARKS[audit.verdict]} {audit.verdict.value}"
    yield ""
    facts = f"{report.cluster.title}{version}; {audit.probes} probes in {report.seconds:.1f} s"
    yield f"{audit.sentence} ({facts})."
    if report.recognition is not None:
        yield ""
        yield f"This cluster {report.recognition.sentence}."
    yield ""
    yield from _diagnosis(report)
    if report.impact is not None and report.impact.present:
        yield from _affected(report.impact)
    if audit.features:
        yield from table_lines(
            ("feature", "verdict", "agree", "leak", "blocked", "no answer"),
            (_row(feature) for feature in audit.features),
        )
        yield ""
    if audit.nodes:
        yield from _nodes(audit)
    if text := established_text(audit.established):
        yield ""
        yield f"{text[0].upper()}{text[1:]}."
    if audit.bystanders:
        yield from _bystanders(audit)
    left_out = {**report.skipped, **audit.excluded}
    told = [f"Not looked at: {name}, {reason}." for name, reason in left_out.items()]
    for text in (*told, *(f"Note: {note}." for note in (*report.unseen, *audit.notes))):
        yield ""
        yield text


def _diagnosis(report: AuditReport) -> Iterator[str]:
    audit = report.audit
    for number, suspect in enumerate(audit.suspects):
        yield f"- {'Or' if number else 'Most likely'} {_suspect(suspect)}"
    if audit.deviations and not audit.suspects:
        yield f"- An unknown deviation: no known defect explains all {audit.deviations} deviations."
    if report.recognition is not None:
        yield from (f"- A documented limit of this CNI: {limit}." for limit in report.recognition.limits)
    if audit.deviations:
        yield ""


def _suspect(suspect: Suspect) -> str:
    explained = f"explains all {suspect.deviations} deviations"
    return f"**{suspect.name}**: this network {suspect.says} ({explained})."


def _affected(impact: Impact) -> Iterator[str]:
    text = headline(impact)
    yield f"{text[0].upper()}{text[1:]}."
    yield ""
    if impact.affected:
        rows = ((f"{each.namespace}/{each.name}", consequence(each)) for each in impact.affected)
        yield from table_lines(("NetworkPolicy", "pods"), rows)
        yield ""
    if impact.beyond:
        yield f"Misread, too, with no effect between pods of this cluster: {', '.join(impact.beyond)}."
        yield ""
    for note in impact.notes:
        yield f"Note: {note}."
        yield ""


def _nodes(audit: Audit) -> Iterator[str]:
    yield from table_lines(
        ("node", "verdict", "takes effect"),
        (
            (
                node.node,
                f"{_MARKS[node.verdict]} {node.verdict.value}",
                "not seen" if node.seconds is None else f"{node.seconds:.2f} s",
            )
            for node in audit.nodes
        ),
    )


def _bystanders(audit: Audit) -> Iterator[str]:
    yield ""
    yield f"{HEADLINE[0].upper()}{HEADLINE[1:]}:"
    yield ""
    yield from table_lines(
        ("pod", "verdict", "isolated by", "flows", "what to look at"),
        (
            (
                each.title,
                f"{_MARKS[each.verdict]} {each.verdict.value}",
                ", ".join(each.policies) or "no policy",
                counts(each),
                "; ".join(flow.text for flow in notable(each)) or "-",
            )
            for each in audit.bystanders
        ),
    )


def _row(feature: FeatureResult) -> tuple[str, ...]:
    tally = feature.tally
    return (
        feature.title,
        f"{_MARKS[feature.verdict]} {feature.verdict.value}",
        str(tally.agreed),
        str(tally.leaked),
        str(tally.blocked),
        str(tally.unanswered),
    )
