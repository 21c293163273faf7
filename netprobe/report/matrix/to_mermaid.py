"""A matrix as a Mermaid graph of what is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.flow import PodRef
from netprobe.model.matrix import Matrix, MatrixColumn
from netprobe.report.matrix.naming import label_of, namespace_of, port_of, title_of

MOST_ARROWS = 500
"""How many arrows Mermaid draws unless its setting maxEdges is raised."""

_EVERYBODY = "everybody"
_MOST_LINES = 8

_Arrow = tuple[str, str, bool]
"""From, to, and whether it is certain."""


def render(matrix: Matrix) -> str:
    """Return the graph: namespaces are boxes, arrows say what is allowed, dotted ones what is left open.

    What all pods may reach has one arrow, from "every pod"; what all of another namespace may reach has
    one from its box (Mermaid draws none from a box to what is in it).
    """
    return "\n".join(_lines(matrix)) + "\n"


def _lines(matrix: Matrix) -> Iterator[str]:
    boxes = _boxes(matrix)
    arrows = _arrows(matrix, list(boxes.values()))
    yield "graph LR"
    if len(arrows) > MOST_ARROWS:
        yield f"  %% {len(arrows)} arrows: Mermaid draws {MOST_ARROWS} unless its setting maxEdges is raised"
    if not matrix.groups:
        yield '  nobody["there are no pods"]'
    for place, (namespace, members) in enumerate(boxes.items()):
        yield f"  subgraph ns{place}[{quoted(namespace)}]"
        yield from (f"    g{n}[{quoted(*label_lines(matrix.groups[n].pods))}]" for n in _members(members))
        yield "  end"
    if any(source == _EVERYBODY for source, _, _ in arrows):
        yield f"  {_EVERYBODY}([{quoted('every pod')}])"
    for (source, destination, certain), ports in arrows.items():
        arrow = "-->" if certain else "-.->"
        yield f"  {source} {arrow}|{quoted(', '.join(ports))}| {destination}"


def _boxes(matrix: Matrix) -> dict[str, int]:
    """Namespaces with the set of their groups."""
    boxes: dict[str, int] = {}
    for number, group in enumerate(matrix.groups):
        namespace = namespace_of(group.pods)
        boxes[namespace] = boxes.get(namespace, 0) | 1 << number
    return boxes


def _arrows(matrix: Matrix, boxes: list[int]) -> dict[_Arrow, list[str]]:
    """The arrows with the ports that they are labelled with."""
    arrows: dict[_Arrow, list[str]] = {}
    for column in matrix.columns:
        port = port_of(column.port, column.protocol)
        for bits, certain in ((column.allow, True), (column.maybe & ~column.allow, False)):
            for source in _sources(matrix, column, bits, boxes):
                arrows.setdefault((source, f"g{column.group}", certain), []).append(port)
    return arrows


def _sources(matrix: Matrix, column: MatrixColumn, bits: int, boxes: list[int]) -> Iterator[str]:
    everybody = (1 << len(matrix.groups)) - 1
    itself = 1 << column.group
    own = itself if matrix.groups[column.group].is_single else 0
    if len(matrix.groups) > 1 and bits | own == everybody:
        yield _EVERYBODY
        return
    rest = bits & ~own
    for place, members in enumerate(boxes):
        if members.bit_count() > 1 and not members & itself and members & rest == members:
            yield f"ns{place}"
            rest &= ~members
    yield from (f"g{number}" for number in _members(rest))


def _members(bits: int) -> list[int]:
    return [number for number in range(bits.bit_length()) if bits >> number & 1]


def label_lines(pods: tuple[PodRef, ...]) -> list[str]:
    """The workloads of the pods, a line each; those of several namespaces with theirs."""
    several = len({pod.namespace for pod in pods}) > 1
    lines = (title_of(pods, None) if several else label_of(pods)).split(", ")
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[: _MOST_LINES - 1], f"and {len(lines) - _MOST_LINES + 1} more"]


def quoted(*lines: str) -> str:
    """Return lines of text as a Mermaid label."""
    return '"' + "<br/>".join(line.replace("#", "#35;").replace('"', "#quot;") for line in lines) + '"'
