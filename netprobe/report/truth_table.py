"""The truth table of a step: sources down, destinations across, one cell for each flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netprobe.model.finding import Finding
from netprobe.model.flow import Destination, Flow, PodRef
from netprobe.model.protocol import Protocol, Via
from netprobe.report.cells import Cell, cell_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """What is dialled: a destination and its port, and the Service when it was dialled by one."""

    destination: Destination
    port: int
    protocol: Protocol
    service: str = ""
    service_port: int = 0

    @property
    def namespace(self) -> str:
        """The destination's namespace, "" for what has none."""
        return self.destination.namespace if isinstance(self.destination, PodRef) else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TruthTable:
    """All flows of a step that are addressed in one way; a pair without a flow has no cell."""

    via: Via
    sources: tuple[PodRef, ...]
    columns: tuple[Column, ...]
    cells: Mapping[tuple[PodRef, Column], Cell]

    def cell(self, source: PodRef, column: Column) -> Cell:
        """Return the cell at ``source`` and ``column``."""
        return self.cells.get((source, column), Cell.NO_FLOW)

    @property
    def flow_count(self) -> int:
        """How many flows the table shows."""
        return len(self.cells)

    def remarkable(self) -> TruthTable:
        """Return the rows and columns in which something is not as expected."""
        kept = {place for place, cell in self.cells.items() if not cell.is_expected}
        sources = {source for source, _ in kept}
        columns = {column for _, column in kept}
        return TruthTable(
            via=self.via,
            sources=tuple(s for s in self.sources if s in sources),
            columns=tuple(c for c in self.columns if c in columns),
            cells={(s, c): cell for (s, c), cell in self.cells.items() if s in sources and c in columns},
        )

    def repeats(self, other: TruthTable) -> bool:
        """Whether each flow here has the cell that ``other`` shows for the same pods and port."""
        theirs = {(s, c.destination, c.port, c.protocol): cell for (s, c), cell in other.cells.items()}
        return all(
            theirs.get((s, c.destination, c.port, c.protocol)) is cell for (s, c), cell in self.cells.items()
        )


def tables_of(findings: Sequence[Finding]) -> tuple[TruthTable, ...]:
    """Return one table for each way of addressing that occurs, pod IPs first.

    Sources stand in the order of their first flow; destinations in the order of the sources, with
    those that are never a source (DNS, external hosts, nodes) behind them.
    """
    order = {source: index for index, source in enumerate(dict.fromkeys(f.flow.source for f in findings))}
    tables = []
    for via in Via:
        mine = [f for f in findings if f.flow.via is via]
        if mine:
            tables.append(_table(via, mine, order))
    return tuple(tables)


def _table(via: Via, findings: Sequence[Finding], order: Mapping[PodRef, int]) -> TruthTable:
    def rank(column: Column) -> tuple[int, int]:
        if isinstance(column.destination, PodRef):
            return (0, order.get(column.destination, len(order)))
        return (1, 0)

    columns = dict.fromkeys(column_of(f.flow) for f in findings)
    return TruthTable(
        via=via,
        sources=tuple(sorted({f.flow.source for f in findings}, key=lambda s: order[s])),
        columns=tuple(sorted(columns, key=rank)),
        cells={(f.flow.source, column_of(f.flow)): cell_of(f) for f in findings},
    )


def column_of(flow: Flow) -> Column:
    """Return the column in which ``flow`` stands."""
    return Column(
        destination=flow.destination,
        port=flow.port,
        protocol=flow.protocol,
        service=flow.service,
        service_port=flow.service_port,
    )
