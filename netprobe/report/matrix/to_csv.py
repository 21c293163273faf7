"""A matrix as CSV: one line for each pair of groups and port."""

from __future__ import annotations

import csv
import io

from netprobe.model.flow import PodRef
from netprobe.model.matrix import Matrix

_HEAD = ("source", "source_pods", "destination", "destination_pods", "port", "protocol", "answer")


def render(matrix: Matrix) -> str:
    """Return the lines; the names of a group's workloads are separated by blanks, its pods are counted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    names = [(workloads(group.pods), len(group.pods)) for group in matrix.groups]
    for column in matrix.columns:
        for source, name in enumerate(names):
            answer = matrix.answer(source, column)
            if answer is not None:
                port = column.port or "other"
                writer.writerow((*name, *names[column.group], port, column.protocol.value, answer.value))
    return text.getvalue()


def workloads(pods: tuple[PodRef, ...]) -> str:
    """All workloads of the pods, each once, separated by blanks."""
    return " ".join(sorted({f"{pod.namespace}/{pod.workload}" for pod in pods}))
