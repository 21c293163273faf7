"""The graph of a step as a drawing: namespaces as shaded groups, edges told apart by line, end and colour."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence

from netprobe.report.edges import Edge, Graph, Node, State
from netprobe.report.grid import shorten
from netprobe.report.html.environment import Markup
from netprobe.report.html.svg import element, path, picture
from netprobe.report.run_page.ring import STRETCH, Ring, Spot, place_on_ring

HEIGHT = 46.0
"""How high the box of a node is."""

_LONGEST = 26
_LETTER, _SMALL_LETTER = 8.2, 6.8
_HUES = 6
_PULL = 0.4
_APART = 15.0
_BAND = 44.0
_BUSY = 60

Point = tuple[float, float]


def draw(graph: Graph, name: str, title: str) -> Markup:
    """Return the drawing; ``name`` is unique in the page."""
    groups = [list(nodes) for _, nodes in itertools.groupby(graph.nodes, key=lambda node: node.namespace)]
    ring = place_on_ring([[_width(node) for node in group] for group in groups], HEIGHT)
    spots = dict(zip(graph.nodes, ring.spots, strict=True))
    parts = [
        element("defs", *(_marker(state, name) for state in State)),
        element("g", *_areas(groups, spots, ring), class_="areas"),
        element(
            "g",
            *_edges(graph.edges, spots, ring, name),
            class_="edges busy" if len(graph.edges) > _BUSY else "edges",
        ),
        element("g", *(_node(node, spots[node]) for node in graph.nodes), class_="nodes"),
    ]
    return picture(parts, width=ring.width, height=ring.height, name=name, title=title, text=describe(graph))


def sample(state: State, name: str) -> Markup:
    """Return a short line as the edges of ``state`` are drawn in the picture ``name``, for a legend."""
    line = element(
        "path", d="M2 9 L46 9", class_=f"line line-{state.tone}", marker_end=f"url(#{name}-{state.tone})"
    )
    return element("svg", line, class_="sample", viewBox="0 0 58 18", width=58, height=18, aria_hidden="true")


def describe(graph: Graph) -> str:
    """Return the graph in words."""
    counts = Counter(edge.state for edge in graph.edges)
    told = [f"{_counted(counts[state], 'edge')} {state.words}" for state in State if counts[state]]
    return f"{_counted(len(graph.nodes), 'node')}; {'; '.join(told) or 'no edges'}."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def words_of(edge: Edge) -> str:
    """Return an edge as a sentence."""
    flows = "1 flow" if edge.flows == 1 else f"{edge.flows} flows"
    ports = ", ".join(edge.ports[:6]) + (" …" if len(edge.ports) > 6 else "")
    return f"{edge.source} → {edge.destination} {ports}: {edge.state.words} ({flows})"


def _labels(node: Node) -> tuple[str, str]:
    """The small line and the large one."""
    if not node.namespace:
        return "", shorten(node.name, _LONGEST)
    if not node.name:
        return "namespace", shorten(node.namespace, _LONGEST)
    return shorten(node.namespace, _LONGEST), shorten(node.name, _LONGEST)


def _width(node: Node) -> float:
    small, large = _labels(node)
    return max(64.0, len(small) * _SMALL_LETTER, len(large) * _LETTER) + 26


def _node(node: Node, spot: Spot) -> Markup:
    small, large = _labels(node)
    shape = element(
        "rect",
        x=spot.x - spot.width / 2,
        y=spot.y - HEIGHT / 2,
        width=spot.width,
        height=HEIGHT,
        rx=HEIGHT / 2 if not node.namespace else 10,
    )
    texts = [element("text", large, x=spot.x, y=spot.y + (14 if small else 5), class_="large")]
    if small:
        texts.insert(0, element("text", small, x=spot.x, y=spot.y - 5, class_="small"))
    return element("g", element("title", str(node)), shape, *texts, class_="node", data_node=str(node))


def _areas(groups: Sequence[Sequence[Node]], spots: dict[Node, Spot], ring: Ring) -> Iterator[Markup]:
    number = 0
    for group in groups:
        if not group[0].namespace:
            continue
        own = [spots[node] for node in group]
        shapes = [
            element(
                "rect",
                x=spot.x - spot.width / 2 - 10,
                y=spot.y - HEIGHT / 2 - 10,
                width=spot.width + 20,
                height=HEIGHT + 20,
                rx=18,
            )
            for spot in own
        ]
        if len(own) > 1:
            between = itertools.pairwise(own)
            shapes.append(
                element(
                    "path",
                    d=path(
                        ("M", own[0].x, own[0].y),
                        *(("L", x, y) for one, other in between for x, y in _along(one, other, ring)),
                    ),
                    stroke_width=_BAND,
                )
            )
        yield element("g", *shapes, class_=f"area area-{number % _HUES}")
        number += 1


def _along(one: Spot, other: Spot, ring: Ring) -> Iterator[Point]:
    """Points of the ring's own curve from one spot to the next."""
    pieces = 8
    across, down = _radii(one, ring)
    for piece in range(1, pieces + 1):
        angle = one.angle + (other.angle - one.angle) * piece / pieces
        yield ring.x + across * math.cos(angle), ring.y + down * math.sin(angle)


def _radii(spot: Spot, ring: Ring) -> Point:
    """The half axes of the ring, from a spot that lies on it."""
    along, beside = math.cos(spot.angle), math.sin(spot.angle)
    across = (spot.x - ring.x) / along if abs(along) > 1e-6 else ring.radius * STRETCH
    down = (spot.y - ring.y) / beside if abs(beside) > 1e-6 else ring.radius
    return across, down


def _edges(edges: Sequence[Edge], spots: dict[Node, Spot], ring: Ring, name: str) -> Iterator[Markup]:
    beside: dict[tuple[Node, Node], int] = {}
    for edge in edges:
        number = beside.setdefault((edge.source, edge.destination), 0)
        beside[edge.source, edge.destination] += 1
        source, destination = spots[edge.source], spots[edge.destination]
        line = (
            _loop(source, ring, number)
            if edge.source == edge.destination
            else _curve(source, destination, ring, number)
        )
        marker = f"url(#{name}-{edge.state.tone})"
        yield element(
            "g",
            element("title", words_of(edge)),
            element("path", d=line, class_="reach"),
            element("path", d=line, class_=f"line line-{edge.state.tone}", marker_end=marker),
            class_=f"edge edge-{edge.state.tone}",
            data_from=str(edge.source),
            data_to=str(edge.destination),
        )


def _curve(source: Spot, destination: Spot, ring: Ring, number: int) -> str:
    """A curve that bends towards the middle and, seen along its way, to the right."""
    x, y = (source.x + destination.x) / 2, (source.y + destination.y) / 2
    across, down = destination.x - source.x, destination.y - source.y
    length = math.hypot(across, down) or 1.0
    aside = _APART * (1 + number)
    bend = (
        x + (ring.x - x) * _PULL - down / length * aside * 1.6,
        y + (ring.y - y) * _PULL + across / length * aside * 1.6,
    )
    begin, end = _border(source, bend, 2), _border(destination, bend, 7)
    return path(("M", *begin), ("Q", *bend, *end))


def _loop(spot: Spot, ring: Ring, number: int) -> str:
    """A small loop at the side of a box that looks away from the ring's middle."""
    side = 1 if spot.y > ring.y else -1
    left, right = spot.x - 16, spot.x + 16
    border = spot.y + side * spot.height / 2
    far = border + side * (34 + 12 * number)
    return path(
        ("M", left, border + side * 2), ("C", left - 8, far, right + 8, far, right, border + side * 7)
    )


def _border(spot: Spot, towards: Point, room: float) -> Point:
    """Where a line from the middle of a box to a point leaves the box, and ``room`` further."""
    across, down = towards[0] - spot.x, towards[1] - spot.y
    length = math.hypot(across, down) or 1.0
    by_width = (spot.width / 2) / abs(across) if across else math.inf
    by_height = (spot.height / 2) / abs(down) if down else math.inf
    part = min(by_width, by_height) + room / length
    return spot.x + across * part, spot.y + down * part


_ENDS = {
    State.ALLOWED: element("path", d="M1 1 L9 5 L1 9 z", class_="end-full"),
    State.LEAKED: element("path", d="M0 0 L10 5 L0 10 L3 5 z", class_="end-full"),
    State.BLOCKED: element("path", d="M6 0 L6 10 M1 5 L6 5", class_="end-line"),
    State.MISTAKE: element("path", d="M1 5 L5 1 L9 5 L5 9 z", class_="end-full"),
    State.DOUBT: element("circle", cx=5, cy=5, r=3.5, class_="end-open"),
    State.UNDEFINED: element("path", d="M1 1 L9 5 L1 9 z", class_="end-open"),
    State.DENIED: element("path", d="M1 1 L9 9 M9 1 L1 9", class_="end-line"),
}


def _marker(state: State, name: str) -> Markup:
    size = 11 if state is State.LEAKED else 9
    return element(
        "marker",
        _ENDS[state],
        id=f"{name}-{state.tone}",
        class_=f"end end-{state.tone}",
        viewBox="-1 -1 12 12",
        refX=5,
        refY=5,
        markerWidth=size,
        markerHeight=size,
        markerUnits="userSpaceOnUse",
        orient="auto",
    )
