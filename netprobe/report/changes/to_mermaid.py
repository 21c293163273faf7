"""A change as a Mermaid graph: thick arrows open, crossed ones close, dotted ones become undefined."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.matrix import MatrixChange
from netprobe.report.changes.wording import VERBS
from netprobe.report.matrix.naming import port_of, title_of
from netprobe.report.matrix.to_mermaid import quoted

_ARROWS = {Answer.ALLOW: "==>", Answer.DENY: "--x", Answer.UNDEFINED: "-.->"}
_MOST_NAMED = 8


def render(change: MatrixChange) -> str:
    """Return the graph."""
    return "\n".join(_lines(change)) + "\n"


def _lines(change: MatrixChange) -> Iterator[str]:
    yield "graph LR"
    if not change.changes:
        yield f"  none[{quoted('no flow changes')}]"
    ends = [end for each in change.changes for end in (each.sources, each.destinations)]
    numbers: dict[tuple[PodRef, ...], int] = {pods: number for number, pods in enumerate(dict.fromkeys(ends))}
    for pods, number in numbers.items():
        yield f"  g{number}[{quoted(*title_of(pods, _MOST_NAMED).split(', '))}]"
    for each in change.changes:
        label = quoted(f"{VERBS[each.after]} {port_of(each.port, each.protocol)}")
        yield f"  g{numbers[each.sources]} {_ARROWS[each.after]}|{label}| g{numbers[each.destinations]}"
