from __future__ import annotations

import pytest

from netprobe.audit.nodes import AuditedNode
from netprobe.audit.planning import make_plan


@pytest.fixture(scope="session")
def two_nodes():
    return [AuditedNode(name=name, hostname=name) for name in ("node1", "node2")]


@pytest.fixture(scope="session")
def plan(two_nodes):
    """The plan for two nodes: about a second of predictions, made once."""
    return make_plan(two_nodes)
