"""A change as JSON."""

from __future__ import annotations

import json

from netprobe.model.matrix import FlowChange, MatrixChange
from netprobe.report.matrix.to_json import pod_json

VERSION = 1
"""The value of ``netprobe_matrix_change``; it grows when a reader of the old shape would be misled."""


def render(change: MatrixChange) -> str:
    """Return the document."""
    document = {
        "netprobe_matrix_change": VERSION,
        "flows_compared": change.flows_compared,
        "changes": [_change(each) for each in change.changes],
        "added_pods": [pod_json(pod) for pod in change.added],
        "removed_pods": [pod_json(pod) for pod in change.removed],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _change(change: FlowChange) -> dict[str, object]:
    return {
        "sources": [pod_json(pod) for pod in change.sources],
        "destinations": [pod_json(pod) for pod in change.destinations],
        "port": change.port or None,
        "protocol": change.protocol.value,
        "before": change.before.value,
        "after": change.after.value,
        "reason": change.reason,
    }
