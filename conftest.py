"""What every test and every scenario of this checkout may use: one lab for the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netprobe.lab.cluster.lab import Lab

pytest_plugins = ("pytester",)


@pytest.fixture(scope="session")
def enforcing_lab() -> Iterator[Lab]:
    """An enforcing lab, shared by the session; whoever uses it creates namespaces of its own."""
    with Lab.start() as lab:
        yield lab
