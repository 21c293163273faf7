"""The graph of a step for Mermaid: boxes for namespaces, lines that tell what came out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from netprobe.report.edges import Edge, Graph, Node, State
from netprobe.report.grid import shorten

_LINES = {
    State.ALLOWED: ("-->", ""),
    State.LEAKED: ("==>", "LEAK "),
    State.BLOCKED: ("--x", "BLOCKED "),
    State.MISTAKE: ("--o", "MISTAKE "),
    State.DOUBT: ("-.->", "? "),
    State.UNDEFINED: ("-.->", "undefined "),
    State.DENIED: ("-.-x", "❌ "),
}
_COLOURS = {
    State.LEAKED: "#c81e36",
    State.BLOCKED: "#b4560b",
    State.MISTAKE: "#6b2fb3",
    State.DENIED: "#93a1b3",
}
_MOST_PORTS = 3
_LONGEST = 60


def mermaid_lines(graph: Graph) -> Iterator[str]:
    """Yield the lines of the graph; Mermaid draws at most 500 edges, which ``Graph`` respects."""
    names = {node: f"n{number}" for number, node in enumerate(graph.nodes)}
    yield "graph LR"
    groups = itertools.groupby(graph.nodes, key=lambda node: node.namespace)
    for number, (namespace, nodes) in enumerate(groups):
        if not namespace:
            yield from (f"  {names[node]}([{quoted(node.name)}])" for node in nodes)
            continue
        yield f"  subgraph ns{number}[{quoted(namespace)}]"
        yield from (f"    {names[node]}[{quoted(_label(node))}]" for node in nodes)
        yield "  end"
    edges = sorted(
        graph.edges, key=lambda edge: edge.state is not State.ALLOWED
    )  # it is drawn along the first
    for edge in edges:
        line = f"{_LINES[edge.state][0]}|{quoted(_words(edge))}|"
        yield f"  {names[edge.source]} {line} {names[edge.destination]}"
    for state, colour in _COLOURS.items():
        numbers = [str(number) for number, edge in enumerate(edges) if edge.state is state]
        if numbers:
            yield f"  linkStyle {','.join(numbers)} stroke:{colour}"


def mermaid_legend(graph: Graph) -> str:
    """Return what the lines of the graph mean, in words."""
    looks = {
        State.ALLOWED: "arrow",
        State.LEAKED: "thick arrow",
        State.BLOCKED: "line that ends in ✕",
        State.MISTAKE: "line that ends in ○",
        State.DOUBT: "dotted arrow with ?",
        State.UNDEFINED: "dotted arrow",
        State.DENIED: "dotted line that ends in ✕",
    }
    present = {edge.state for edge in graph.edges}
    return "; ".join(f"{looks[state]}: {state.words}" for state in State if state in present)


def quoted(text: str) -> str:
    """Return ``text`` as a label; what Mermaid or HTML would read as theirs is written by number."""
    shown = "".join(
        f"#{ord(c)};" if c in '"#&<>`\\' else c for c in shorten(" ".join(text.split()), _LONGEST)
    )
    return f'"{shown}"'


def _label(node: Node) -> str:
    return node.name or "all of its pods"


def _words(edge: Edge) -> str:
    """The ports, however they were addressed."""
    ports = list(dict.fromkeys(port.partition(" ")[0] for port in edge.ports))
    more = f" and {len(ports) - _MOST_PORTS} more" if len(ports) > _MOST_PORTS else ""
    return f"{_LINES[edge.state][1]}{', '.join(ports[:_MOST_PORTS])}{more}"
