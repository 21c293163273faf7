"""The truth table of manifests or of a cluster, and what a change of policies does to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Protocol, cast

from netprobe.app.defects import defect_note, with_defect
from netprobe.app.inventories import Found, Where, find_inventory
from netprobe.app.late import load
from netprobe.errors import InputError
from netprobe.model.flow import PodRef
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.matrix import FlowChange, Matrix, MatrixChange
from netprobe.model.protocol import Protocol as Transport
from netprobe.oracle.decide import Oracle
from netprobe.oracle.table.changes import compare
from netprobe.oracle.table.folding import fold, ref_of
from netprobe.oracle.table.table import TruthTable

FORMATS: Mapping[str, tuple[str, str]] = {
    "table": ("netprobe.report.matrix.to_table:render", "netprobe.report.changes.to_table:render"),
    "json": ("netprobe.report.matrix.to_json:render", "netprobe.report.changes.to_json:render"),
    "csv": ("netprobe.report.matrix.to_csv:render", "netprobe.report.changes.to_csv:render"),
    "markdown": ("netprobe.report.matrix.to_markdown:render", "netprobe.report.changes.to_markdown:render"),
    "mermaid": ("netprobe.report.matrix.to_mermaid:render", "netprobe.report.changes.to_mermaid:render"),
}
"""Formats by name: what renders a matrix, and what renders a change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixRequest:
    """What to compute: where to look, further ports of every pod, and how ipBlocks are read.

    ``defect`` is the name of a defect of oracle.defects that the network is supposed to have, or "".
    """

    where: Where
    ports: Sequence[tuple[int, Transport]] = ()
    ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN
    defect: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """How a report for people is laid out."""

    width: int
    color: bool
    verbose: bool


class _Render(Protocol):
    def __call__(self, subject: object) -> str: ...


class _RenderPage(Protocol):
    def __call__(self, subject: object, *, width: int, color: bool, verbose: bool) -> str: ...


def matrix_of(request: MatrixRequest) -> tuple[Matrix, tuple[str, ...]]:
    """Return the matrix, and notes for the reader. Raises InputError, EnvironmentFailure."""
    found = find_inventory(request.where)
    return fold(_table(found, request), request.ports), (*found.notes, *_defect_notes(request))


def change_of(request: MatrixRequest, old: str, new: str) -> tuple[MatrixChange, tuple[str, ...]]:
    """Return what differs between the manifests at ``old`` and ``new``, each beside those of the request.

    Each change says why the first of its flows is now as it is. Raises InputError.
    """
    before, after = (find_inventory(where, [path]) for where, path in _beside(request.where, old, new))
    if not (before.inventory.topology.pods or after.inventory.topology.pods):
        raise InputError(
            f"there are no pods in {old} and {new}, so no flows to compare",
            remedy="name the manifests of the workloads, too",
        )
    change = compare(_table(before, request), _table(after, request), request.ports)
    oracle = _oracle(after, request)
    pods = {ref_of(pod): pod for pod in after.inventory.topology.pods}

    def reasoned(each: FlowChange) -> FlowChange:
        source, destination = _first_edge(each)
        decision = oracle.between(pods[source], pods[destination], each.port, each.protocol)
        return replace(each, reason=decision.reason)

    notes = tuple(dict.fromkeys((*before.notes, *after.notes, *_defect_notes(request))))
    return replace(change, changes=tuple(reasoned(each) for each in change.changes)), notes


def _beside(where: Where, *paths: str) -> list[tuple[Where, str]]:
    """Each path with where to look beside it; standard input is read once, for all of them."""
    text = None if where.stdin is None else where.stdin.read()
    return [(where if text is None else replace(where, stdin=StringIO(text)), path) for path in paths]


def _first_edge(change: FlowChange) -> tuple[PodRef, PodRef]:
    """Two different pods of the change."""
    return next((s, d) for s in change.sources for d in change.destinations if s != d)


def render(subject: Matrix | MatrixChange, name: str, page: Page) -> str:
    """Return the report in the format with this name."""
    path = FORMATS[name][isinstance(subject, MatrixChange)]
    if name == "table":
        on_page = cast("_RenderPage", load(path))
        return on_page(subject, width=page.width, color=page.color, verbose=page.verbose)
    return cast("_Render", load(path))(subject)


def _defect_notes(request: MatrixRequest) -> tuple[str, ...]:
    return (defect_note(request.defect),) if request.defect else ()


def _table(found: Found, request: MatrixRequest) -> TruthTable:
    inventory = with_defect(found.inventory, request.defect)
    return TruthTable(
        inventory.topology,
        inventory.policies,
        admin_policies=inventory.admin_policies,
        ip_blocks_mean_pods=request.ip_blocks_mean_pods,
    )


def _oracle(found: Found, request: MatrixRequest) -> Oracle:
    inventory = with_defect(found.inventory, request.defect)
    return Oracle(
        inventory.topology,
        inventory.policies,
        admin_policies=inventory.admin_policies,
        ip_blocks_mean_pods=request.ip_blocks_mean_pods,
    )
