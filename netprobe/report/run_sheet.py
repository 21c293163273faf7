"""The truth table of a step as a sheet of text."""

from __future__ import annotations

from netprobe.model.flow import PodRef
from netprobe.report.grid import Head, Row, Sheet
from netprobe.report.ink import Ink
from netprobe.report.naming import Names, protocol_words
from netprobe.report.truth_table import Column, TruthTable


def sheet_of(table: TruthTable, names: Names) -> Sheet:
    """Return the sheet: sources down, what is dialled across."""

    def cell(row: int, column: int) -> tuple[str, Ink | None]:
        found = table.cell(table.sources[row], table.columns[column])
        return found.symbol, found.ink

    return Sheet(
        rows=[Row(namespace=source.namespace, label=names.workload(source)) for source in table.sources],
        heads=[_head(column, names) for column in table.columns],
        cell=cell,
    )


def _head(column: Column, names: Names) -> Head:
    """The head of a column: its Service if that differs, its name, its port."""
    end = column.destination
    own = end.workload if isinstance(end, PodRef) else ""
    return Head(
        namespace=column.namespace,
        above=f"({column.service})" if column.service and column.service != own else "",
        name=names.workload(end) if isinstance(end, PodRef) else str(end),
        port=f":{column.service_port or column.port}{protocol_words(column.protocol, end)}",
    )
