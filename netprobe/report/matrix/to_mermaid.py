"""A matrix as a Mermaid graph of what is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.matrix import Matrix
from netprobe.report.matrix.naming import label_of, namespace_of, port_of

_EVERYBODY = "everybody"


def render(matrix: Matrix) -> str:
    """Return the graph: namespaces are boxes, arrows say what is allowed, dotted ones what is left open.

    What all groups may reach has one arrow, from "every pod".
    """
    return "\n".join(_lines(matrix)) + "\n"


def _lines(matrix: Matrix) -> Iterator[str]:
    yield "graph LR"
    spaces: dict[str, list[int]] = {}
    for number, group in enumerate(matrix.groups):
        spaces.setdefault(namespace_of(group.pods), []).append(number)
    for place, (namespace, members) in enumerate(spaces.items()):
        yield f"  subgraph ns{place}[{quoted(namespace)}]"
        yield from (f"    g{n}[{quoted(label_of(matrix.groups[n].pods))}]" for n in members)
        yield "  end"
    edges = _edges(matrix)
    if any(source == _EVERYBODY for source, _, _ in edges):
        yield f"  {_EVERYBODY}([every pod])"
    for (source, destination, certain), ports in edges.items():
        arrow = "-->" if certain else "-.->"
        yield f"  {source} {arrow}|{quoted(', '.join(ports))}| {destination}"


def _edges(matrix: Matrix) -> dict[tuple[str, str, bool], list[str]]:
    """Source, destination and certainty to the ports of the arrow."""
    edges: dict[tuple[str, str, bool], list[str]] = {}
    everybody = (1 << len(matrix.groups)) - 1
    for column in matrix.columns:
        port = port_of(column.port, column.protocol)
        single = matrix.groups[column.group].is_single
        own = 1 << column.group if single else 0
        for bits, certain in ((column.allow, True), (column.maybe & ~column.allow, False)):
            if len(matrix.groups) > 1 and bits | own == everybody:
                edges.setdefault((_EVERYBODY, f"g{column.group}", certain), []).append(port)
                continue
            sources = bits & ~own
            for number in range(sources.bit_length()):
                if sources >> number & 1:
                    edges.setdefault((f"g{number}", f"g{column.group}", certain), []).append(port)
    return edges


def quoted(text: str) -> str:
    """Return text as a Mermaid label."""
    return '"' + text.replace('"', "#quot;") + '"'
