"""Reports into columns: those of one cluster share one, as long as none of them says the same thing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from netprobe.comparison.measured import Measured, MeasuredAudit, MeasuredCluster, MeasuredRun
from netprobe.errors import InputError
from netprobe.model.place import Place, Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """The reports of one file; ``label`` is the user's name for its column, "" to choose one."""

    file: str
    reports: Sequence[MeasuredAudit | MeasuredRun]
    label: str = ""


def gather(files: Sequence[Saved]) -> tuple[Measured, ...]:
    """Return a column for each cluster in the order of the files; its label is unique.

    Reports with the same label belong together; without one, those of the same cluster do (an audit and
    runs of different scenarios), while a second audit, or the same scenario again, is a column of its
    own. Raises InputError when a label is given to reports that cannot be one column.
    """
    columns: list[Measured] = []
    given: dict[str, int] = {}
    problems: list[Problem] = []
    for saved in files:
        for report in saved.reports:
            if saved.label in given:
                at = given[saved.label]
                problem = _conflict(columns[at], report)
                if problem:
                    problems.append(Problem(place=Place(file=saved.file), message=problem))
                    continue
            else:
                at = _place_for(report, columns, given, labelled=bool(saved.label))
                if saved.label:
                    given[saved.label] = at
            columns[at] = _with(columns[at], report, saved)
    if problems:
        raise InputError(
            "these reports cannot share a column", remedy="give them other labels", problems=problems
        )
    return _named(columns)


def _place_for(
    report: MeasuredAudit | MeasuredRun, columns: list[Measured], given: dict[str, int], *, labelled: bool
) -> int:
    """The column of the same cluster that has room for the report, else a new one."""
    taken = set(given.values())
    if not labelled:
        for at, column in enumerate(columns):
            if at not in taken and _is_same(column.clusters[0], report.cluster) and not _has(column, report):
                return at
    columns.append(Measured(label=""))
    return len(columns) - 1


def _with(column: Measured, report: MeasuredAudit | MeasuredRun, saved: Saved) -> Measured:
    files = column.source.split(", ") if column.source else []
    source = ", ".join(dict.fromkeys((*files, saved.file)))
    column = replace(column, source=source, label=saved.label or column.label)
    if isinstance(report, MeasuredAudit):
        return replace(column, audit=report)
    return replace(column, runs=(*column.runs, report))


def _conflict(column: Measured, report: MeasuredAudit | MeasuredRun) -> str:
    """Why the report cannot join the column, "" if it can."""
    if _has(column, report):
        what = "a second audit" if isinstance(report, MeasuredAudit) else f"a second run of {report.scenario}"
        return f'this is {what} for the column "{column.label}"'
    one, other = column.clusters[0], report.cluster
    if (one.name, one.title) != (other.name, other.title):
        return f'the column "{column.label}" is of {one.title}, and this is of {other.title}'
    return ""


def _has(column: Measured, report: MeasuredAudit | MeasuredRun) -> bool:
    if isinstance(report, MeasuredAudit):
        return column.audit is not None
    return any(run.scenario == report.scenario for run in column.runs)


def _is_same(one: MeasuredCluster, other: MeasuredCluster) -> bool:
    """Whether two reports are certainly about one cluster; many clusters are called ``context:kind-kind``."""
    if (one.name, one.kind, one.title, one.version) != (other.name, other.kind, other.title, other.version):
        return False
    if one.kind == "live" and not (one.facts.get("server") and other.facts.get("server")):
        return False
    return all(other.facts.get(key, value) == value for key, value in one.facts.items())


def _named(columns: Sequence[Measured]) -> tuple[Measured, ...]:
    """The columns with labels: the cluster's name, with the file's where several have it, else a number."""
    names = Counter(column.label or column.clusters[0].name for column in columns)
    labels: list[str] = []
    for column in columns:
        label = column.label or column.clusters[0].name
        if names[label] > 1 and not column.label:
            label = f"{label} ({_stem(column.source.split(', ')[0])})"
        plain, number = label, 2
        while label in labels:
            label, number = f"{plain} {number}", number + 1
        labels.append(label)
    return tuple(replace(column, label=label) for column, label in zip(columns, labels, strict=True))


def _stem(file: str) -> str:
    """``a`` of ``reports/a.json``."""
    name = file.rpartition("/")[2]
    return name.rpartition(".")[0] or name
