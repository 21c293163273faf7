"""An audit on a terminal: the verdict first, then nodes, features, and what is most likely broken."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from netprobe.audit.planning import Plan
from netprobe.model.audit import Audit, AuditReport, Enforcement, FeatureResult, NodeResult, Suspect
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.report.ink import Ink, Painter

_INKS = {
    Enforcement.ENFORCED: Ink.GOOD,
    Enforcement.PARTIALLY_ENFORCED: Ink.BAD,
    Enforcement.NOT_ENFORCED: Ink.BAD,
    Enforcement.INCONCLUSIVE: Ink.DOUBT,
    Enforcement.SKIPPED: Ink.FAINT,
}
_SHORT = {
    Enforcement.ENFORCED: "ok",
    Enforcement.PARTIALLY_ENFORCED: "partly",
    Enforcement.NOT_ENFORCED: "OPEN",
    Enforcement.INCONCLUSIVE: "?",
    Enforcement.SKIPPED: "-",
}
_CELLS = tuple((direction, protocol) for direction in Direction for protocol in (Protocol.TCP, Protocol.UDP))
_MOST_NODES = 6
_MOST_SUSPECTS = 3


def render(report: AuditReport, *, width: int, color: bool, verbose: bool = False) -> str:
    """Return the report; without ``verbose`` it fits a screen: what is well is told in one line."""
    painter = Painter(color=color)
    audit = report.audit
    blocks = [
        list(_head(report, width, painter)),
        list(_diagnosis(audit, width)),
        list(_nodes(audit, painter, verbose=verbose)),
        list(_features(audit.features, width, painter, verbose=verbose)),
        list(_excluded(audit, width)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(report: AuditReport, width: int, painter: Painter) -> Iterator[str]:
    audit = report.audit
    word = audit.verdict.value
    first, *rest = textwrap.wrap(f"{word}: {audit.sentence}", width, subsequent_indent="  ")
    yield first.replace(word, painter.paint(word, _INKS[audit.verdict]), 1)
    yield from rest
    cluster = report.cluster
    version = f", Kubernetes {cluster.version}" if cluster.version else ""
    made = f"{audit.probes} probes on {len(audit.nodes)} nodes in {report.seconds:.1f} s"
    yield from textwrap.wrap(f"  {cluster.title}{version}; {made}", width, subsequent_indent="  ")


def _diagnosis(audit: Audit, width: int) -> Iterator[str]:
    if not audit.deviations:
        return
    if not audit.suspects:
        yield f"most likely: an unknown deviation; no known defect explains all {audit.deviations} deviations"
        for suspect in audit.near:
            yield from _wrapped(f"nearest: {_evidence(suspect)}", width)
        return
    first, *others = audit.suspects
    yield from textwrap.wrap(f"most likely: this network {first.says}", width, subsequent_indent="  ")
    yield from _wrapped(_evidence(first), width)
    if first.cites:
        yield from _wrapped(f"seen before in {', '.join(first.cites)}", width)
    for suspect in others[:_MOST_SUSPECTS]:
        yield from _wrapped(f"or {suspect.name}: it {suspect.says}; no probe here tells them apart", width)
    if len(others) > _MOST_SUSPECTS:
        yield f"    and {len(others) - _MOST_SUSPECTS} more like it"


def _evidence(suspect: Suspect) -> str:
    against = (
        f", {suspect.against} probes speak against it" if suspect.against else ", nothing speaks against it"
    )
    return f"{suspect.name} explains {suspect.explained} of {suspect.deviations} deviations{against}"


def _wrapped(text: str, width: int) -> Iterator[str]:
    yield from textwrap.wrap(
        text, width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
    )


def _nodes(audit: Audit, painter: Painter, *, verbose: bool) -> Iterator[str]:
    if not audit.nodes:
        return
    shown = audit.nodes
    if len(shown) > _MOST_NODES and not verbose:
        shown = tuple(each for each in shown if each.verdict is not Enforcement.ENFORCED)[:_MOST_NODES]
    widest = max(len(node.node) for node in audit.nodes)
    heads = [f"{direction.lower()} {protocol.lower()}" for direction, protocol in _CELLS]
    yield "  " + "  ".join(["node".ljust(widest), *heads, "takes effect"])
    for node in shown:
        yield _node(node, widest, heads, painter)
    hidden = len(audit.nodes) - len(shown)
    if hidden:
        yield f"  and {hidden} more{'' if verbose else ' (-v shows all)'}"


def _node(node: NodeResult, widest: int, heads: Iterable[str], painter: Painter) -> str:
    cells = []
    for head, key in zip(heads, _CELLS, strict=True):
        verdict = node.cells.get(key, Enforcement.SKIPPED)
        word = _SHORT[verdict]
        cells.append(painter.paint(word, _INKS[verdict]) + " " * (len(head) - len(word)))
    effect = "not seen" if node.seconds is None else f"{node.seconds:.2f} s"
    return "  " + "  ".join([node.node.ljust(widest), *cells, effect])


def _features(
    features: tuple[FeatureResult, ...], width: int, painter: Painter, *, verbose: bool
) -> Iterator[str]:
    well = [each for each in features if each.verdict is Enforcement.ENFORCED]
    for each in features:
        if each.verdict is Enforcement.ENFORCED and not verbose:
            continue
        word = each.verdict.value
        told = painter.paint(word, _INKS[each.verdict]) + " " * (19 - len(word))
        yield f"  {told}{each.title}: {_counts(each)}"
        examples = each.examples if verbose else each.examples[:1]
        reason = () if examples or not each.tally.reason else (each.tally.reason,)
        for text in (*examples, *reason):
            yield from textwrap.wrap(text, width, initial_indent="      ", subsequent_indent="      ")
    if well and not verbose:
        names = ", ".join(each.title for each in well)
        yield from textwrap.wrap(
            f"enforced: {names}", width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
        )


def _counts(feature: FeatureResult) -> str:
    tally = feature.tally
    parts = (
        (tally.agreed, "agree"),
        (tally.leaked, "leak"),
        (tally.blocked, "blocked"),
        (tally.unanswered, "without an answer"),
        (tally.skipped, "not possible here"),
    )
    return ", ".join(f"{count} {word}" for count, word in parts if count)


def _excluded(audit: Audit, width: int) -> Iterator[str]:
    for name, reason in audit.excluded.items():
        yield from textwrap.wrap(f"not looked at: {name}, {reason}", width, subsequent_indent="  ")
    for note in audit.notes:
        yield from textwrap.wrap(f"note: {note}", width, subsequent_indent="      ")


def render_plan(plan: Plan, *, width: int, color: bool) -> str:
    """Return the probes that tell all known defects apart, and what each of them adds."""
    painter = Painter(color=color)
    names = [each.name for each in plan.explanations]
    lines = textwrap.wrap(
        f"{len(plan.needed)} probes tell {len(names) - 1} known defects apart from each other and from a "
        f"sound network; {len(plan.chosen) - len(plan.needed)} more are made so that every feature has some",
        width,
    )
    left = {(one, other) for one in range(len(names)) for other in range(one + 1, len(names))}
    for probe in plan.needed:
        new = probe.tells_apart & left
        left -= new
        state = "open" if probe.line.allowed else "closed"
        head = f"{probe.line.full} ({probe.line.phase.value}: {state})"
        lines += ["", painter.paint(head, Ink.STRONG)]
        lines += textwrap.wrap(
            _tells(new, names), width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
    if plan.alike:
        pairs = "; ".join(f"{names[one]} and {names[other]}" for one, other in sorted(plan.alike))
        lines += ["", *textwrap.wrap(f"no probe tells these apart: {pairs}", width, break_on_hyphens=False)]
    return "\n".join(lines) + "\n"


def _tells(pairs: Iterable[tuple[int, int]], names: list[str]) -> str:
    """``a, b from c, d``: the smaller group is named, the other counted where it is long."""
    pairs = list(pairs)
    ones = {one for one, _ in pairs} | {other for _, other in pairs}
    counts = {each: sum(each in pair for pair in pairs) for each in ones}
    most = max(counts.values(), default=0)
    rare = sorted((each for each in ones if counts[each] * 2 > most), key=lambda each: -counts[each])
    shown = ", ".join(names[each] for each in rare[:6]) + (" …" if len(rare) > 6 else "")
    return f"tells {len(pairs)} more pairs apart; shows {shown}"
