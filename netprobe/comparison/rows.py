"""The rows of a comparison: networks and features, scenarios with their steps, and the flows that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from netprobe.comparison.cells import (
    feature_cell,
    finding_cell,
    flows_cell,
    network_cell,
    no_answer,
    run_cell,
)
from netprobe.comparison.measured import Measured, MeasuredFinding, MeasuredRun
from netprobe.model.comparison import Cell, Row, RowKind

NETWORK = "network"
"""The name of the row about networks as a whole."""


def rows_of(measured: Sequence[Measured]) -> tuple[Row, ...]:
    """Return all rows, those that only one column has among them (see ``Row.only_in``)."""
    return (*_audit_rows(measured), *_scenario_rows(measured))


def _audit_rows(measured: Sequence[Measured]) -> Iterator[Row]:
    audits = [each.audit for each in measured]
    if not any(audits):
        return
    yield _row(
        measured,
        RowKind.NETWORK,
        NETWORK,
        "the whole network",
        [None if audit is None else network_cell(audit) for audit in audits],
    )
    features = [{} if audit is None else {each.name: each for each in audit.features} for audit in audits]
    titles = {name: each.title for table in features for name, each in table.items()}
    for name, title in titles.items():
        cells: list[Cell | None] = []
        for audit, table in zip(audits, features, strict=True):
            if audit is not None and name in table:
                cells.append(feature_cell(table[name], audit))
            else:
                unmade = audit is not None and not audit.features
                cells.append(no_answer(audit.conclusion) if audit is not None and unmade else None)
        yield _row(measured, RowKind.FEATURE, name, title, cells)


def _scenario_rows(measured: Sequence[Measured]) -> Iterator[Row]:
    runs = [{run.scenario: run for run in each.runs} for each in measured]
    titles = {name: run.title for table in runs for name, run in table.items()}
    for name, title in titles.items():
        having = [table.get(name) for table in runs]
        cells = [None if run is None else run_cell(run) for run in having]
        yield _row(measured, RowKind.SCENARIO, name, title or name, cells)
        yield from _step_rows(measured, name, having)


def _step_rows(
    measured: Sequence[Measured], scenario: str, runs: Sequence[MeasuredRun | None]
) -> Iterator[Row]:
    steps = [{} if run is None else {step.name: step for step in run.steps} for run in runs]
    names = dict.fromkeys(name for table in steps for name in table)
    for name in names:
        cells: list[Cell | None] = []
        for run, table in zip(runs, steps, strict=True):
            step = table.get(name)
            if run is None or (step is None and not run.interrupted):
                cells.append(None)
            elif step is None:
                cells.append(no_answer(run.interrupted))
            else:
                unfinished = "" if step.complete or not run.interrupted else run.interrupted
                cells.append(flows_cell(step.findings, interrupted=unfinished))
        if len(names) > 1:  # of a single step the scenario's row says all
            yield _row(measured, RowKind.STEP, f"{scenario}/{name}", f"step {name}", cells)
        yield from _flow_rows(measured, [table[name].findings if name in table else () for table in steps])


def _flow_rows(measured: Sequence[Measured], findings: Sequence[Sequence[MeasuredFinding]]) -> Iterator[Row]:
    """The flows that differ; those that are alike are counted by their step."""
    tables: list[Mapping[str, MeasuredFinding]] = [{each.id: each for each in column} for column in findings]
    for name in dict.fromkeys(name for table in tables for name in table):
        cells = [finding_cell(table[name]) if name in table else None for table in tables]
        row = _row(measured, RowKind.FLOW, name, _flow_title(name), cells)
        if row.differs or _lacks(row, tables):
            yield row


def _lacks(row: Row, tables: Sequence[Mapping[str, MeasuredFinding]]) -> bool:
    """Whether a run of this step has other flows: the scenarios are not the same."""
    return any(cell is None and table for cell, table in zip(row.cells, tables, strict=True))


def _flow_title(name: str) -> str:
    """A finding's id without its scenario and step: ``shop/web[0]->shop/db[0]:5432/TCP/ip``."""
    return name.split("/", 2)[-1]


_Missing = Callable[[Measured], Cell | None]


def _row(
    measured: Sequence[Measured], kind: RowKind, name: str, title: str, cells: Sequence[Cell | None]
) -> Row:
    """A row; who was to be measured and was not has no answer in it."""
    own = [at for at, cell in enumerate(cells) if cell is not None]
    filled = tuple(
        no_answer(each.missing) if cell is None and each.missing and kind is not RowKind.FLOW else cell
        for cell, each in zip(cells, measured, strict=True)
    )
    row = Row(kind=kind, name=name, title=title, cells=filled)
    alone = len(own) == 1 and sum(cell is not None for cell in filled) == 1
    return replace(row, only_in=measured[own[0]].label) if alone else row
