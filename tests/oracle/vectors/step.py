"""One state of the grid with its truth table."""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle.cluster import Cluster
from tests.oracle.vectors.grid import grid


@dataclass(frozen=True, kw_only=True)
class Step:
    """A state of the cluster and the lines of its truth table (see ``expected``)."""

    cluster: Cluster
    lines: tuple[str, ...]


def step(*policies, lines, **changes):
    return Step(cluster=grid(*policies, **changes), lines=tuple(lines))
