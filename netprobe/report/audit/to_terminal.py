"""An audit on a terminal: the verdict first, then what is most likely broken, nodes, features, impact."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from netprobe.audit.planning import Plan
from netprobe.model.audit import Audit, AuditReport, Enforcement, Recognition, Suspect
from netprobe.report.audit.affected import affected_lines
from netprobe.report.audit.bystanders import bystander_lines
from netprobe.report.audit.features import feature_lines
from netprobe.report.audit.nodes import node_lines
from netprobe.report.audit.wording import INKS, established_text, wrapped
from netprobe.report.ink import Ink, Painter

_MOST_SUSPECTS = 3
_MOST_CITED = 3


def render(report: AuditReport, *, width: int, color: bool, verbose: bool = False) -> str:
    """Return the report; without ``verbose`` it fits a screen: what is alike is told together."""
    painter = Painter(color=color)
    audit = report.audit
    blocks = [
        list(_head(report, width, painter)),
        list(_diagnosis(report, width, verbose=verbose)),
        list(node_lines(audit.nodes, width, painter, verbose=verbose)),
        [
            *feature_lines(audit, width, painter, verbose=verbose),
            *wrapped(established_text(audit.established), width, indent=2, hanging=2),
        ],
        list(bystander_lines(audit.bystanders, width, painter, verbose=verbose)),
        list(affected_lines(report.impact, width, painter, verbose=verbose)),
        list(_notes(report, width, verbose=verbose)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(report: AuditReport, width: int, painter: Painter) -> Iterator[str]:
    audit = report.audit
    word = audit.verdict.value
    first, *rest = textwrap.wrap(f"{word}: {audit.sentence}", width, subsequent_indent="  ")
    yield first.replace(word, painter.paint(word, INKS[audit.verdict]), 1)
    yield from rest
    cluster = report.cluster
    version = f", Kubernetes {cluster.version}" if cluster.version else ""
    on = "1 node" if len(audit.nodes) == 1 else f"{len(audit.nodes)} nodes"
    made = f"; {audit.probes} probes on {on} in {report.seconds:.1f} s" if audit.nodes else ""
    yield from wrapped(f"{cluster.title}{version}{made}", width, indent=2)
    if report.recognition is not None:
        yield from wrapped(report.recognition.sentence, width, indent=2)
        yield from _warnings(report.recognition, audit, width)


def _warnings(recognition: Recognition, audit: Audit, width: int) -> Iterator[str]:
    """What makes one doubt the CNI's set-up, where the packets do, too."""
    if audit.verdict is not Enforcement.ENFORCED:
        for text in recognition.identification.warnings:
            yield from wrapped(f"! {text}", width, indent=2)


def _diagnosis(report: AuditReport, width: int, *, verbose: bool) -> Iterator[str]:
    audit = report.audit
    if not audit.deviations:
        return
    if not audit.suspects:
        yield f"most likely: an unknown deviation; no known defect explains all {audit.deviations} deviations"
        for suspect in audit.near:
            yield from wrapped(f"nearest: {_evidence(suspect)}", width)
        return
    first, *others = audit.suspects
    yield from textwrap.wrap(f"most likely: this network {first.says}", width, subsequent_indent="  ")
    yield from wrapped(_evidence(first), width)
    yield from _known(report.recognition, first, width, verbose=verbose)
    for suspect in others[:_MOST_SUSPECTS]:
        yield from wrapped(f"or {suspect.name}: it {suspect.says}; no probe here tells them apart", width)
    if len(others) > _MOST_SUSPECTS:
        yield f"    and {len(others) - _MOST_SUSPECTS} more like it"


def _known(recognition: Recognition | None, suspect: Suspect, width: int, *, verbose: bool) -> Iterator[str]:
    """Documented limits of the CNI that fit; else where else this was seen."""
    limits = recognition.limits if recognition is not None else ()
    for limit in limits:
        ids = f" ({', '.join(limit.ids)})" if limit.ids else ""
        yield from wrapped(f"a documented limit of it: {limit}{ids}", width)
    cited = suspect.cites if verbose else suspect.cites[:_MOST_CITED]
    if cited and (verbose or not limits):
        more = " …" if len(cited) < len(suspect.cites) else ""
        yield from wrapped(f"seen before in {', '.join(cited)}{more}", width)


def _evidence(suspect: Suspect) -> str:
    against = (
        f", {suspect.against} probes speak against it" if suspect.against else ", nothing speaks against it"
    )
    return f"{suspect.name} explains {suspect.explained} of {suspect.deviations} deviations{against}"


def _notes(report: AuditReport, width: int, *, verbose: bool) -> Iterator[str]:
    """What was not looked at, and why; short of ``verbose`` a line for each."""
    told = [
        *(f"not looked at: {name}, {reason}" for name, reason in report.skipped.items()),
        *(f"not looked at: {name}, {reason}" for name, reason in report.audit.excluded.items()),
        *(f"note: {note}" for note in (*report.unseen, *report.audit.notes)),
    ]
    for text in told:
        if verbose:
            yield from textwrap.wrap(text, width, subsequent_indent="      ")
        else:
            yield textwrap.shorten(text, width, placeholder=" … (-v)")


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
