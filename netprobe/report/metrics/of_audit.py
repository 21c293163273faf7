"""Metrics of an audit: what is enforced, on which node and in which feature."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.audit import AuditReport, Enforcement
from netprobe.report.metrics.exposition import render as render_families
from netprobe.report.metrics.families import RUN, SUCCESS, Family, end_of, info

_PREFIX = "netprobe_check_"


def render(report: AuditReport) -> str:
    """Return the text exposition; the same report gives the same text."""
    return render_families(_families(report))


def _families(report: AuditReport) -> Iterator[Family]:
    audit, cluster = report.audit, report.cluster.name
    yield info(report.netprobe_version, [report.cluster])
    verdict = Family(
        f"{_PREFIX}verdict", "What the audit says of the cluster: 1 for what it is.", ("cluster", "verdict")
    )
    verdict.add_states(Enforcement, audit.verdict, cluster)
    features = Family(
        f"{_PREFIX}feature_verdict",
        "What the audit says of a feature: 1 for what it is.",
        ("cluster", "feature", "verdict"),
    )
    for feature in audit.features:
        features.add_states(Enforcement, feature.verdict, cluster, feature.name)
    nodes = Family(
        f"{_PREFIX}node_verdict",
        "What the audit says of a node: 1 for what it is.",
        ("cluster", "node", "verdict"),
    )
    effect = Family(
        f"{_PREFIX}policy_effect_seconds",
        "How long a change of policy took to take effect.",
        ("cluster", "node"),
    )
    for node in audit.nodes:
        nodes.add_states(Enforcement, node.verdict, cluster, node.node)
        if node.seconds is not None:
            effect.add(round(node.seconds, 3), cluster, node.node)
    yield from (verdict, features, nodes, effect)
    end = end_of(report.started, report.seconds)
    yield from (
        _single("probes", "How many probes were made.", cluster, audit.probes),
        _single("deviations", "How many of them came out against the policies.", cluster, audit.deviations),
        _single("duration_seconds", "How long the audit took.", cluster, round(report.seconds, 3)),
        _single(
            "exit_code",
            "The exit code, which may speak of required features only.",
            cluster,
            report.exit_code,
        ),
        _single(RUN, "When the latest audit ended.", cluster, end),
    )
    if report.exit_code == 0:
        yield _single(SUCCESS, "When the latest audit ended with exit code 0.", cluster, end)


def _single(name: str, says: str, cluster: str, value: float) -> Family:
    family = Family(f"{_PREFIX}{name}", says, ("cluster",))
    family.add(value, cluster)
    return family
