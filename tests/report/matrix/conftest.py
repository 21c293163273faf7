"""Matrices made by hand: every answer, groups with and without letters, and one too large to be read."""

from __future__ import annotations

import pytest

from netprobe.model.flow import PodRef
from netprobe.model.matrix import OTHER_PORTS, Matrix, MatrixColumn, PodGroup
from netprobe.model.protocol import Protocol


def group(*names: str) -> PodGroup:
    """Pods by ``namespace/workload``, with ``*n`` for several replicas."""
    pods = []
    for name in names:
        path, _, count = name.partition("*")
        namespace, workload = path.split("/")
        pods += [PodRef(namespace=namespace, workload=workload, index=n) for n in range(int(count or 1))]
    return PodGroup(pods=tuple(sorted(pods)))


def column(number: int, port: int, allow: int, maybe: int | None = None, protocol=Protocol.TCP):
    """A column; ``maybe`` defaults to what is allowed."""
    both = allow if maybe is None else allow | maybe
    return MatrixColumn(group=number, port=port, protocol=protocol, allow=allow, maybe=both)


@pytest.fixture
def shop() -> Matrix:
    """A shop: replicas, a group over two namespaces, UDP, undefined flows, pods without ports."""
    return Matrix(
        groups=(
            group("lab/probe", "shop/probe"),
            group("shop/db"),
            group("shop/web*2"),
            group("tools-of-the-platform-team/a-job-with-a-rather-long-name"),
        ),
        columns=(
            column(0, 8080, 0b1111),
            column(1, 5432, 0b0100, 0b1000),
            column(1, 53, 0b0001, protocol=Protocol.UDP),
            column(2, 8080, 0b1100),
            column(3, OTHER_PORTS, 0b0000),
        ),
    )


@pytest.fixture
def town() -> Matrix:
    """Sixty groups in two namespaces, most of which everybody reaches."""
    groups = [group(f"{home}/w{n:02}") for home in ("east", "west") for n in range(30)]
    everybody, east = (1 << 60) - 1, (1 << 30) - 1
    sources = {
        0: column(0, 80, east),
        1: column(1, 80, east),
        2: column(2, 80, everybody & ~(1 << 40)),
        3: column(3, 80, 0b110000, 1 << 59),
        4: column(4, 80, 0b10000),
    }
    columns = [sources.get(n) or column(n, 80, everybody) for n in range(60)]
    return Matrix(groups=tuple(groups), columns=tuple(columns))
