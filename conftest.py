"""What every test may use: the order of things that must be right first, and one lab for the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from netprobe.cluster.kube.cluster import KubeCluster
from netprobe.cluster.providers.lab import LabProvider
from netprobe.lab.cluster.lab import Lab
from netprobe.model.scenario import Scenario
from netprobe.scenario.load import load_scenario

pytest_plugins = ("pytester",)


@pytest.fixture(scope="session")
def enforcing_lab() -> Iterator[Lab]:
    """An enforcing lab, shared by the session; whoever uses it creates namespaces of its own."""
    with Lab.start() as lab:
        yield lab


@pytest.fixture(scope="session")
def three_tier() -> Scenario:
    """The scenario of the guide, as it stands in this checkout."""
    return load_scenario(Path(__file__).parent / "scenarios" / "three-tier")


@pytest.fixture
def open_lab() -> Iterator[Callable[[str], KubeCluster]]:
    """A function that opens ``lab:ARGUMENT``; what it opened is closed after the test."""
    with ExitStack() as stack:
        yield partial(_open_lab, stack)


@pytest.fixture(scope="module")
def open_module_lab() -> Iterator[Callable[[str], KubeCluster]]:
    """The same, closed after the module."""
    with ExitStack() as stack:
        yield partial(_open_lab, stack)


def _open_lab(stack: ExitStack, argument: str) -> KubeCluster:
    cluster = LabProvider().open(argument)
    stack.callback(cluster.close)
    return cluster
