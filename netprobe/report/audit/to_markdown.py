"""An audit as Markdown, for pull requests and job summaries."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.audit import AuditReport, Enforcement, FeatureResult
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
    yield ""
    for suspect in audit.suspects:
        explained = f"explains all {suspect.deviations} deviations"
        yield f"- Most likely **{suspect.name}**: this network {suspect.says} ({explained})."
    if audit.deviations and not audit.suspects:
        yield f"- An unknown deviation: no known defect explains all {audit.deviations} deviations."
    if audit.deviations:
        yield ""
    yield from table_lines(
        ("feature", "verdict", "agree", "leak", "blocked", "no answer"),
        (_row(feature) for feature in audit.features),
    )
    yield ""
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
    for name, reason in audit.excluded.items():
        yield ""
        yield f"Not looked at: {name}, {reason}."


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
