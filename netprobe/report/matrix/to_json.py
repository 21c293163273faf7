"""A matrix as JSON."""

from __future__ import annotations

import json

from netprobe.model.flow import PodRef
from netprobe.model.matrix import Matrix, MatrixColumn
from netprobe.report.matrix.tally import tally

VERSION = 1
"""The value of ``netprobe_matrix``; it grows when a reader of the old shape would be misled."""


def render(matrix: Matrix) -> str:
    """Return the document: groups of equal pods, and for each port the groups that reach it."""
    document = {
        "netprobe_matrix": VERSION,
        "counts": {answer.value: count for answer, count in tally(matrix).items()},
        "groups": [{"pods": [pod_json(pod) for pod in group.pods]} for group in matrix.groups],
        "destinations": [_column(matrix, column) for column in matrix.columns],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def pod_json(pod: PodRef) -> dict[str, object]:
    """A pod by its stable name."""
    return {"namespace": pod.namespace, "workload": pod.workload, "index": pod.index}


def _column(matrix: Matrix, column: MatrixColumn) -> dict[str, object]:
    """Who reaches a port; a pod and itself are no flow, so a group of one pod is not in its own lists."""
    others = ~(1 << column.group) if matrix.groups[column.group].is_single else -1
    return {
        "group": column.group,
        "port": column.port or None,
        "protocol": column.protocol.value,
        "allowed_from": _members(column.allow & others),
        "undefined_from": _members(column.maybe & ~column.allow & others),
    }


def _members(bits: int) -> list[int]:
    return [number for number in range(bits.bit_length()) if bits >> number & 1]
