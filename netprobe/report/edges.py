"""The edges of a step's graph: who reaches whom, brought together by workload and by what came out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from netprobe.model.finding import Finding
from netprobe.model.flow import Destination, PodRef
from netprobe.report.cells import Cell, cell_of
from netprobe.report.naming import how_words, port_words


class State(Enum):
    """What came out for an edge: its class in the style sheet, and its meaning. Worst first."""

    LEAKED = ("leaked", "leaked: denied by the policies, open")
    BLOCKED = ("blocked", "blocked by the network: allowed by the policies, closed")
    MISTAKE = ("mistake", "the policies differ from the intent")
    DOUBT = ("doubt", "inconclusive")
    UNDEFINED = ("undefined", "undefined by Kubernetes")
    ALLOWED = ("allowed", "open, as the policies say")
    DENIED = ("denied", "blocked, as the policies say")

    def __init__(self, tone: str, words: str) -> None:
        self.tone = tone
        self.words = words


STATES: Mapping[Cell, State] = {
    Cell.OPEN: State.ALLOWED,
    Cell.CLOSED: State.DENIED,
    Cell.UNRESOLVED: State.DENIED,
    Cell.LEAK: State.LEAKED,
    Cell.BLOCKED: State.BLOCKED,
    Cell.MISTAKE: State.MISTAKE,
    Cell.DOUBT: State.DOUBT,
    Cell.UNDEFINED_OPEN: State.UNDEFINED,
    Cell.UNDEFINED_CLOSED: State.UNDEFINED,
    Cell.UNDEFINED: State.UNDEFINED,
}
"""Cells that make an edge; what was not possible here makes none."""


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A workload in its namespace; ``namespace`` "" for what has none (DNS, external hosts, nodes)."""

    namespace: str
    name: str

    def __str__(self) -> str:
        """Render as ``namespace/name``."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """All flows from one node to another that came out alike: how many, and on which ports."""

    source: Node
    destination: Node
    state: State
    flows: int
    ports: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """Nodes, those of a namespace together, and edges, worst last; ``note`` says what was left out."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    note: str = ""


MOST_NODES = 36
MOST_EDGES = 420


def graph_of(findings: Sequence[Finding]) -> Graph:
    """Return the graph of a step; one that is too large to be read is drawn by namespace."""
    graph = _graph(findings, node_of)
    if len(graph.nodes) <= MOST_NODES:
        return _bounded(graph)
    spaces = _graph(findings, _space)
    note = f"Drawn by namespace: {len(graph.nodes)} workloads are too many for a picture. "
    if len(spaces.nodes) > MOST_NODES:
        return Graph(
            nodes=(), edges=(), note=f"No picture: {len(spaces.nodes)} namespaces are too many for one."
        )
    bounded = _bounded(spaces)
    return Graph(nodes=bounded.nodes, edges=bounded.edges, note=note + bounded.note)


def without_denied(graph: Graph, kept: Collection[tuple[Node, Node]]) -> Graph:
    """Return the graph without the edges that are blocked as they should be, but with those ``kept``."""
    edges = tuple(
        edge
        for edge in graph.edges
        if edge.state is not State.DENIED or (edge.source, edge.destination) in kept
    )
    left = len(graph.edges) - len(edges)
    note = f"{graph.note}Not drawn: {left} edges that are {State.DENIED.words}. " if left else graph.note
    return Graph(nodes=graph.nodes, edges=edges, note=note)


def _bounded(graph: Graph) -> Graph:
    """Return the graph without what is as expected where there are too many edges."""
    if len(graph.edges) <= MOST_EDGES:
        return graph
    for dropped in (State.DENIED, State.ALLOWED, State.UNDEFINED, State.DOUBT):
        edges = tuple(edge for edge in graph.edges if edge.state is not dropped)
        left = len(graph.edges) - len(edges)
        note = f"{graph.note}{left} edges that are {dropped.words} are left out. "
        graph = Graph(nodes=graph.nodes, edges=edges, note=note)
        if len(edges) <= MOST_EDGES:
            return graph
    left = len(graph.edges) - MOST_EDGES
    return Graph(
        nodes=graph.nodes, edges=graph.edges[-MOST_EDGES:], note=f"{graph.note}{left} more are left out. "
    )


def node_of(end: Destination) -> Node:
    """Return the node that an end of a flow belongs to: a workload, or what is no pod by its name."""
    return Node(end.namespace, end.workload) if isinstance(end, PodRef) else Node("", str(end))


def _space(end: Destination) -> Node:
    return Node(end.namespace, "") if isinstance(end, PodRef) else Node("", str(end))


def _graph(findings: Sequence[Finding], name: Callable[[Destination], Node]) -> Graph:
    nodes: dict[Node, None] = {}
    flows: dict[tuple[Node, Node, State], dict[str, int]] = {}
    for finding in findings:
        source, destination = name(finding.flow.source), name(finding.flow.destination)
        nodes |= {source: None, destination: None}
        state = STATES.get(cell_of(finding))
        if state is not None:
            how = how_words(finding.flow)
            words = f"{port_words(finding.flow)} {how}".strip()
            ports = flows.setdefault((source, destination, state), {})
            ports[words] = ports.get(words, 0) + 1
    ranks = {state: number for number, state in enumerate(State)}
    edges = [
        Edge(
            source=source, destination=destination, state=state, flows=sum(ports.values()), ports=tuple(ports)
        )
        for (source, destination, state), ports in flows.items()
    ]
    first = {node.namespace: number for number, node in reversed(list(enumerate(nodes)))}
    return Graph(
        nodes=tuple(sorted(nodes, key=lambda node: (not node.namespace, first[node.namespace]))),
        edges=tuple(sorted(edges, key=lambda edge: -ranks[edge.state])),
    )
