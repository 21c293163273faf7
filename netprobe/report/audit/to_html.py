"""An audit as one page of HTML that needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.audit import (
    AuditReport,
    BystanderResult,
    Enforcement,
    FeatureResult,
    Impact,
    NodeResult,
    Recognition,
)
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.report.audit.affected import consequence, headline
from netprobe.report.audit.bystanders import HEADLINE, counts, notable
from netprobe.report.audit.wording import established_text
from netprobe.report.html.components import Fact, Table, TableCell, Tile, cell, head, marked, number
from netprobe.report.html.environment import Markup, escape
from netprobe.report.html.marks import mark_of_enforcement
from netprobe.report.html.page import render_page

_CELLS = tuple((direction, protocol) for direction in Direction for protocol in (Protocol.TCP, Protocol.UDP))
_WORST_FIRST = (
    Enforcement.NOT_ENFORCED,
    Enforcement.PARTIALLY_ENFORCED,
    Enforcement.INCONCLUSIVE,
    Enforcement.SKIPPED,
    Enforcement.ENFORCED,
)


def render(report: AuditReport) -> str:
    """Return the page about ``report``; the same report gives the same text."""
    audit = report.audit
    title = f"NetworkPolicy on {report.cluster.title}"
    measured = any(each.verdict is not Enforcement.SKIPPED for each in audit.nodes)
    context = {
        "title": title,
        "mark": mark_of_enforcement(audit.verdict),
        "sentence": _sentence(audit.sentence),
        "tiles_list": tuple(_tiles(report)),
        "facts_list": tuple(_facts(report)),
        "recognition": report.recognition,
        "recognised": _recognised(report.recognition),
        "audit": audit,
        "nodes": _nodes(audit.nodes) if measured else None,
        "features": _features(audit.features) if audit.features else None,
        "established": _sentence(established_text(audit.established)) if audit.established else "",
        "also": _also(audit.bystanders) if audit.bystanders else None,
        "impact": report.impact if report.impact is not None and report.impact.present else None,
        "impact_headline": "" if report.impact is None else _sentence(headline(report.impact)),
        "affected": None if report.impact is None else _affected(report.impact),
        "left_out": _left_out(report),
        "notes_list": (*report.unseen, *audit.notes),
        "report": report,
    }
    return render_page("check.html.jinja", context, title=f"{title} · netprobe", styles=("check.css",))


def _tiles(report: AuditReport) -> Iterator[Tile]:
    audit = report.audit
    yield Tile(value=f"{audit.probes:,}", text="probes")
    yield Tile(value=f"{audit.deviations:,}", text="deviations from the policies")
    for verdict in _WORST_FIRST:
        count = sum(each.verdict is verdict for each in audit.features)
        if verdict is Enforcement.ENFORCED and audit.verdict is Enforcement.NOT_ENFORCED:
            continue  # what passes where nothing denied is enforced would only mislead
        if count:
            look = mark_of_enforcement(verdict)
            text = f"features {verdict.value.lower()}" if count > 1 else f"feature {verdict.value.lower()}"
            yield Tile(value=str(count), text=text, tone=look.tone, symbol=look.symbol)


def _facts(report: AuditReport) -> Iterator[Fact]:
    cluster = report.cluster
    asked = "" if cluster.title.startswith(cluster.name) else f" (--cluster {cluster.name})"
    yield Fact(name="Cluster", text=f"{cluster.title}{asked}")
    if cluster.version:
        yield Fact(name="Kubernetes", text=cluster.version)
    facts = [f"{name}: {value}" for name, value in sorted(cluster.facts.items())]
    if facts:
        yield Fact(name="About the cluster", text=", ".join(facts))
    yield Fact(name="Started", text=report.started.replace("T", " ").replace("Z", " UTC"))
    yield Fact(name="Duration", text=f"{report.seconds:.1f} s")
    required = f" (of the required features {', '.join(report.required)})" if report.required else ""
    yield Fact(name="Exit code", text=f"{report.exit_code}{required}")
    if report.run_id:
        yield Fact(name="Run", text=f"{report.run_id}, netprobe {report.netprobe_version}")
    if report.journal:
        yield Fact(name="Journal", text=report.journal)


def _recognised(recognition: Recognition | None) -> Table | None:
    if recognition is None or not recognition.identification.found:
        return None
    rows = tuple(
        (
            head(each.title),
            cell(each.version),
            cell(each.role.value),
            cell(each.enforces.value),
            cell(each.because),
        )
        for each in recognition.identification.found
    )
    heads = ("found", "version", "role", "enforces policies", "because")
    return Table(caption="What the cluster's objects tell of its network", heads=heads, rows=rows)


def _nodes(nodes: tuple[NodeResult, ...]) -> Table:
    heads = ("node", "verdict", *(f"{d.value.lower()} {p.value}" for d, p in _CELLS), "takes effect in")
    rows = tuple(
        (
            head(node.node),
            marked(mark_of_enforcement(node.verdict)),
            *(marked(mark_of_enforcement(node.cells.get(key, Enforcement.SKIPPED))) for key in _CELLS),
            cell("not seen") if node.seconds is None else number(node.seconds, 2, "s"),
        )
        for node in nodes
    )
    return Table(caption="Nodes, by direction and protocol", heads=heads, rows=rows)


def _features(features: tuple[FeatureResult, ...]) -> Table:
    heads = ("feature", "verdict", "agree", "leak", "blocked", "no answer", "not possible", "such as")
    ordered = sorted(features, key=lambda each: _WORST_FIRST.index(each.verdict))
    return Table(
        caption="What came out for each feature", heads=heads, rows=tuple(_feature(each) for each in ordered)
    )


def _feature(feature: FeatureResult) -> tuple[TableCell, ...]:
    tally = feature.tally
    counts = (tally.agreed, tally.leaked, tally.blocked, tally.unanswered, tally.skipped)
    name = Markup("{} <code>{}</code>").format(feature.title, feature.name)
    return (
        head(name),
        marked(mark_of_enforcement(feature.verdict)),
        *(number(count) for count in counts),
        cell(_examples(feature)),
    )


def _examples(feature: FeatureResult) -> str | Markup:
    return _listed(feature.examples or ((feature.tally.reason,) if feature.tally.reason else ()))


def _listed(texts: tuple[str, ...]) -> str | Markup:
    """Several texts fold away."""
    if not texts:
        return ""
    if len(texts) == 1:
        return texts[0]
    items = Markup("").join(Markup("<li>{}</li>").format(text) for text in texts)
    return Markup("<details><summary>{} examples</summary><ul>{}</ul></details>").format(
        len(texts), escape(items)
    )


def _also(bystanders: tuple[BystanderResult, ...]) -> Table:
    rows = tuple(
        (
            head(each.title),
            marked(mark_of_enforcement(each.verdict)),
            cell(", ".join(each.policies) or "no policy"),
            cell(counts(each)),
            cell(_listed(tuple(flow.text for flow in notable(each)))),
        )
        for each in bystanders
    )
    heads = ("pod", "verdict", "isolated by", "flows", "what to look at")
    return Table(caption=f"{HEADLINE[0].upper()}{HEADLINE[1:]}", heads=heads, rows=rows)


def _affected(impact: Impact) -> Table | None:
    if not impact.affected:
        return None
    rows = tuple((head(f"{each.namespace}/{each.name}"), cell(consequence(each))) for each in impact.affected)
    return Table(caption="NetworkPolicies that are affected", heads=("NetworkPolicy", "pods"), rows=rows)


def _left_out(report: AuditReport) -> tuple[str, ...]:
    left = {**report.skipped, **report.audit.excluded}
    return tuple(f"{name}: {reason}" for name, reason in left.items())


def _sentence(text: str) -> str:
    end = "" if text.endswith((".", "…")) else "."
    return f"{text[:1].upper()}{text[1:]}{end}"
