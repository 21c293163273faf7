"""The pytest plugin's hooks and fixtures. Nothing else of netprobe loads before one of them is used."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

_LATE: Mapping[str, str] = {
    "file": "netprobe.pytest_plugin.collection:ScenarioYaml",
    "state": "netprobe.pytest_plugin.state:State",
    "hand": "netprobe.pytest_plugin.hand:Hand",
    "demand": "netprobe.pytest_plugin.enforcement:demand",
    "parallel": "netprobe.pytest_plugin.parallel:Controller",
    "scheduler": "netprobe.pytest_plugin.grouping:WholeGroups",
    "places": "netprobe.pytest_plugin.places:Places",
}
"""What loads when it is used; the door of late loading in this package."""

_NAME = "scenario.yaml"
_OURS = re.compile(rb"""^(?:\xef\xbb\xbf)?(?:\{\s*)?(["']?)netprobe\1\s*:""", re.MULTILINE)
"""The top-level key of a scenario, found without reading YAML; files of other tools have none."""
_FIXTURES = frozenset({"netprobe", "netprobe_cluster"})
_MARKER = "netprobe_enforced"
_STATE: pytest.StashKey[Any] = pytest.StashKey()
_PLACES: pytest.StashKey[Any] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options and the ini settings."""
    group = parser.getgroup("netprobe", "netprobe: tests of a cluster's NetworkPolicies")
    group.addoption(
        "--netprobe-cluster",
        metavar="WORD",
        help="the cluster: lab[:PROFILE] or context[:NAME] (default: lab)",
    )
    group.addoption(
        "--netprobe-settle",
        metavar="SECONDS",
        help="how long a flow may take to settle after a change (default: 30)",
    )
    group.addoption(
        "--netprobe-report",
        metavar="FORMAT=FILE",
        action="append",
        help="write a netprobe report of all runs at the end, such as json=netprobe.json (repeatable)",
    )
    parser.addini(
        "netprobe_scenarios",
        "folders or globs whose scenario.yaml files are tests",
        type="linelist",
        default=[],
    )
    parser.addini("netprobe_cluster", "the cluster, as --netprobe-cluster", default="")
    parser.addini("netprobe_settle", "seconds, as --netprobe-settle", default="")
    parser.addini("netprobe_report", "reports, as --netprobe-report", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, join pytest-xdist's workers, add the ini file's scenarios to a bare ``pytest``."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(*features): skip the test, with the proof, unless the cluster enforces NetworkPolicies "
        "(or these features of them)",
    )
    distributed = getattr(config.option, "dist", "no") != "no"
    if distributed and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_late("parallel")(config, _state), "netprobe-parallel")
    if config.getini("netprobe_scenarios"):
        _places(config).add_to_arguments()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a scenario.yaml of netprobe that lies where the user pointed."""
    if file_path.name != _NAME or not _OURS.search(file_path.read_bytes()):
        return None
    if not _places(parent.config).holds(file_path):
        return None
    collector: pytest.Collector = _late("file").from_parent(parent, path=file_path, state_of=_state)
    return collector


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Check the settings once something needs them, before anything runs.

    First, because a worker of pytest-xdist tells its controller in this hook that it has collected.
    """
    runs = not session.config.option.collectonly
    if runs and any(_is_ours(item) for item in session.items):
        _state(session.config).needed(session.items)


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep tests that share a run or a cluster on one worker of pytest-xdist."""
    grouped = item.config.pluginmanager.hasplugin("xdist") and item.get_closest_marker("xdist_group") is None
    if grouped and _is_ours(item):
        item.add_marker(pytest.mark.xdist_group(f"netprobe:{item.nodeid.partition('::')[0]}"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Audit the cluster before the first marked test; skip those that it cannot bear out."""
    if item.get_closest_marker(_MARKER) is not None:
        _late("demand")(_state(item.config), item)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep groups whole with every version of pytest; None leaves other distributions alone."""
    return _late("scheduler")(config, log) if config.getoption("dist") == "loadgroup" else None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Close the cluster, also after Ctrl-C, and write the reports: after all fixtures and workers ended."""
    state = session.config.stash.get(_STATE, None)
    if state is not None:
        state.finish(session)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close what a session that broke down left open."""
    state = config.stash.get(_STATE, None)
    if state is not None:
        state.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print where the journals are and what went wrong outside of tests."""
    state = config.stash.get(_STATE, None)
    if state is not None and (lines := state.summary()):
        terminalreporter.section("netprobe", sep="-")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def netprobe_cluster(request: pytest.FixtureRequest) -> Any:
    """The cluster under test (``netprobe.cluster.port.Cluster``), opened once and closed at the end."""
    return _state(request.config).cluster()


@pytest.fixture
def netprobe(request: pytest.FixtureRequest, netprobe_cluster: Any) -> Any:
    """``run`` a scenario once per session, and ask what is ``reachable`` in it."""
    del netprobe_cluster  # opened first, so that a cluster that does not answer is an error of the set-up
    return _late("hand")(_state(request.config), request.node)


def _is_ours(item: pytest.Item) -> bool:
    if item.path.name == _NAME or item.get_closest_marker(_MARKER) is not None:
        return True
    return not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def _state(config: pytest.Config) -> Any:
    """The session's state, made when it is first asked for."""
    if _STATE not in config.stash:
        config.stash[_STATE] = _late("state")(config)
    return config.stash[_STATE]


def _places(config: pytest.Config) -> Any:
    if _PLACES not in config.stash:
        config.stash[_PLACES] = _late("places")(config)
    return config.stash[_PLACES]


def _late(word: str) -> Any:
    module, _, name = _LATE[word].partition(":")
    return getattr(importlib.import_module(module), name)
