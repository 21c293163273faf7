"""The nodes of an audit as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.model.audit import Enforcement, NodeResult
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.report.audit.wording import INKS
from netprobe.report.grid import shorten
from netprobe.report.ink import Painter

_SHORT = {
    Enforcement.ENFORCED: "ok",
    Enforcement.PARTIALLY_ENFORCED: "partly",
    Enforcement.NOT_ENFORCED: "OPEN",
    Enforcement.INCONCLUSIVE: "?",
    Enforcement.SKIPPED: "-",
}
_CELLS = tuple((direction, protocol) for direction in Direction for protocol in (Protocol.TCP, Protocol.UDP))
_HEADS = tuple(f"{direction.lower()} {protocol.lower()}" for direction, protocol in _CELLS)
_WAYS = {Direction.INGRESS: "in", Direction.EGRESS: "out"}
_SHORT_HEADS = tuple(f"{_WAYS[direction]} {protocol.lower()}" for direction, protocol in _CELLS)
_EFFECT, _LONGEST_EFFECT = "takes effect", "0.00 to 00.00 s"
_GAP, _LEAST_GAP = "  ", " "
_MOST = 6
_SHORTEST_NAME = 12


def node_lines(nodes: Sequence[NodeResult], width: int, painter: Painter, *, verbose: bool) -> Iterator[str]:
    """A row for each node; nodes that came out alike share one where there are many (not if ``verbose``).

    Where there is little room the heads are short and closer, and long names are shortened in their middle.
    """
    if all(each.verdict is Enforcement.SKIPPED for each in nodes):
        return
    rows = [(each.node, each, [each]) for each in nodes]
    if not verbose and len(nodes) > _MOST:
        rows = _alike(nodes)
    longest = max(4, *(len(name) for name, _, _ in rows))
    heads, gap = _shape(width, min(longest, _SHORTEST_NAME))
    widest = min(longest, max(_SHORTEST_NAME, width - _room(heads, gap)))
    yield "  " + gap.join(["node".ljust(widest), *heads, _EFFECT])
    for name, first, all_of_them in rows[:_MOST] if not verbose else rows:
        shown = shorten(name, widest).ljust(widest)
        yield "  " + gap.join([shown, *_cells(first, heads, painter), _effect(all_of_them)])
    hidden = 0 if verbose else sum(len(each) for _, _, each in rows[_MOST:])
    if hidden:
        yield f"  and {hidden} more (-v shows all)"


def _shape(width: int, name: int) -> tuple[Sequence[str], str]:
    """The heads and the gap between columns that leave room for a name of ``name`` characters."""
    shapes = ((_HEADS, _GAP), (_SHORT_HEADS, _GAP))
    return next((each for each in shapes if width >= _room(*each) + name), (_SHORT_HEADS, _LEAST_GAP))


def _room(heads: Sequence[str], gap: str) -> int:
    """What a row takes beside the name of its node."""
    return 2 + sum(len(gap) + len(head) for head in heads) + len(gap) + len(_LONGEST_EFFECT)


def _alike(nodes: Sequence[NodeResult]) -> list[tuple[str, NodeResult, list[NodeResult]]]:
    """Groups of equal nodes, those with gaps first."""
    groups: dict[object, list[NodeResult]] = {}
    for each in nodes:
        groups.setdefault((each.verdict, tuple(each.cells.items())), []).append(each)
    rows = sorted(groups.values(), key=lambda group: group[0].verdict is Enforcement.ENFORCED)
    return [
        (group[0].node if len(group) == 1 else f"{len(group)} nodes, {group[0].node} …", group[0], group)
        for group in rows
    ]


def _cells(node: NodeResult, heads: Sequence[str], painter: Painter) -> Iterator[str]:
    for head, key in zip(heads, _CELLS, strict=True):
        verdict = node.cells.get(key, Enforcement.SKIPPED)
        word = _SHORT[verdict]
        yield painter.paint(word, INKS[verdict]) + " " * (len(head) - len(word))


def _effect(nodes: Sequence[NodeResult]) -> str:
    seen = [each.seconds for each in nodes if each.seconds is not None]
    if not seen:
        return "not seen"
    quickest, slowest = f"{min(seen):.2f}", f"{max(seen):.2f}"
    return f"{slowest} s" if quickest == slowest else f"{quickest} to {slowest} s"
