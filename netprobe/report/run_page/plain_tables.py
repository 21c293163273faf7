"""The truth tables as text, for a page that is read without its script."""

from __future__ import annotations

from netprobe.model.protocol import Via
from netprobe.model.run import StepResult
from netprobe.report.cells import legend_of
from netprobe.report.grid import cut, grid_lines
from netprobe.report.ink import Painter
from netprobe.report.naming import names_of
from netprobe.report.run_sheet import sheet_of
from netprobe.report.truth_table import tables_of

ADDRESSED = {Via.IP: "by pod IP", Via.SERVICE: "by Service address", Via.NAME: "by Service name"}
_WIDTH = 140
_MOST_CELLS = 2500


def plain_tables(step: StepResult) -> str:
    """Return the tables, a large one only with the rows and columns in which something is remarkable."""
    names = names_of(step.findings)
    plain = Painter(color=False)
    blocks = []
    for table in tables_of(step.findings):
        large = len(table.sources) * len(table.columns) > _MOST_CELLS
        shown = table.remarkable() if large else table
        if not shown.flow_count or len(shown.sources) * len(shown.columns) > _MOST_CELLS:
            blocks.append(f"{ADDRESSED[table.via]}: {table.flow_count} flows, too many for a table of text")
            continue
        lines = [f"{ADDRESSED[table.via]}{', only rows and columns with surprises' if large else ''}", ""]
        for grid in cut(sheet_of(shown, names), _WIDTH, plain):
            lines += [*grid_lines(grid, plain), ""]
        lines += [f"{cell.symbol}  {cell.words}" for cell in legend_of(shown.cells.values())]
        blocks.append("\n".join(line.rstrip() for line in lines))
    return "\n\n".join(blocks)
