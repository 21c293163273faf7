"""The policies of a cluster that its network does not enforce, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from netprobe.model.audit import AffectedPolicy, Impact
from netprobe.report.audit.wording import counted, workloads, wrapped
from netprobe.report.ink import Ink, Painter

_MOST = 4
_WIDEST = 40


def affected_lines(impact: Impact | None, width: int, painter: Painter, *, verbose: bool) -> Iterator[str]:
    """A headline and a line for each policy; the first few unless ``verbose``."""
    if impact is None or not impact.present:
        return
    first, *rest = textwrap.wrap(headline(impact), width, subsequent_indent="  ", break_on_hyphens=False)
    yield painter.paint(first, Ink.STRONG)
    yield from rest
    names = {id(each): f"{each.namespace}/{each.name}" for each in impact.affected}
    shown = impact.affected if verbose else impact.affected[:_MOST]
    widest = min(_WIDEST, max((len(names[id(each)]) for each in shown), default=0))
    for each in shown:
        text = f"  {names[id(each)].ljust(widest)}  {consequence(each)}"
        if verbose:
            yield from textwrap.wrap(
                text, width, subsequent_indent=" " * (widest + 4), break_on_hyphens=False
            )
        else:
            yield text if len(text) <= width else text[: width - 1].rstrip(" ,") + "…"
    if len(shown) < len(impact.affected):
        yield f"  and {len(impact.affected) - len(shown)} more (-v shows all)"
    if impact.beyond:
        yield from _beyond(impact, width, verbose=verbose)
    for note in impact.notes:
        yield from wrapped(note, width, indent=2, hanging=2)


def headline(impact: Impact) -> str:
    """How many policies are affected, how many pods that leaves open or cut off, and why."""
    present = f"{impact.present} {'NetworkPolicy' if impact.present == 1 else 'NetworkPolicies'}"
    because = f", {impact.because}" if impact.because else ""
    if not impact.affected:
        return f"of the {present} in this cluster none is known to be affected{because}"
    opened = {pod for each in impact.affected for pod in each.opened}
    shut = {pod for each in impact.affected for pod in each.shut}
    ends = [f"{counted(len(opened), 'pod')} open"] if opened else []
    ends += [f"{counted(len(shut), 'pod')} cut off"] if shut else []
    told = f", {' and '.join(ends)}" if ends else ""
    return f"affected in this cluster: {len(impact.affected)} of {present}{told}{because}"


def _beyond(impact: Impact, width: int, *, verbose: bool) -> Iterator[str]:
    count = len(impact.beyond)
    names = ", ".join(impact.beyond if verbose else impact.beyond[:_MOST])
    more = " …" if not verbose and count > _MOST else ""
    text = f"misread, too, with no effect between pods of this cluster: {names}{more}"
    yield from wrapped(text, width, indent=2, hanging=2)


def consequence(each: AffectedPolicy) -> str:
    """What becomes of a policy's pods, in words."""
    parts = []
    if each.opened:
        flows = f" ({counted(each.leaks, 'flow')})" if each.leaks else ""
        parts.append(f"open{flows}: {', '.join(workloads(each.opened))}")
    if each.shut:
        flows = f" ({counted(each.blocks, 'flow')})" if each.blocks else ""
        parts.append(f"cut off{flows}: {', '.join(workloads(each.shut))}")
    return "; ".join(parts) or "selects no running pod"
