"""What every test may use: who shares a process when there are several, and one lab for the session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netprobe.lab.cluster.lab import Lab

pytest_plugins = ("pytester",)

TESTS = Path(__file__).parent / "tests"
LABS = ("acceptance", "contract")
"""Folders in which everything uses a lab."""


@pytest.hookimpl(trylast=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep the tests of a file on one worker of pytest-xdist, and all that use labs on one of them.

    Labs mostly wait: one at a time measures in quiet while the other worker computes.
    """
    if not item.path.is_relative_to(TESTS) or item.get_closest_marker("xdist_group"):
        return
    file = item.path.relative_to(TESTS)
    on_lab = file.parts[0] in LABS or item.get_closest_marker("lab")
    item.add_marker(pytest.mark.xdist_group("labs" if on_lab else str(file)))


@pytest.fixture(scope="session")
def enforcing_lab() -> Iterator[Lab]:
    """An enforcing lab, shared by the session; whoever uses it creates namespaces of its own."""
    with Lab.start() as lab:
        yield lab
