"""Sessions with pytest-xdist: one report for all workers, and no split scenario."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

FOLDER = "netprobe_exchange"
_REFUSED = (
    "netprobe's tests share one run for each scenario, but --dist {dist} scatters them over the workers\n"
    "→ give --dist loadgroup: it keeps the tests of a scenario together"
)
_EXCHANGE: pytest.StashKey[Exchange] = pytest.StashKey()


class Exchange:
    """A folder that the controller and its workers (on one machine) share."""

    def __init__(self, folder: Path, worker: str) -> None:
        self._folder = folder
        self._worker = worker

    def tell_groups(self, groups: Mapping[str, str]) -> None:
        """Tell that this worker has collected tests that must stay together: node id to group."""
        (self._folder / f"{self._worker}.groups").write_text(json.dumps(dict(groups)), encoding="utf-8")

    def groups(self) -> dict[str, str]:
        """The groups of all workers by node id; empty when nothing must stay together."""
        told = (json.loads(path.read_text(encoding="utf-8")) for path in self._folder.glob("*.groups"))
        return {nodeid: group for each in told for nodeid, group in each.items()}

    def hand_over(self, journal: Path) -> None:
        """Tell the controller of a journal, at once: a worker may crash later."""
        with (self._folder / f"{self._worker}.journals").open("a", encoding="utf-8") as file:
            file.write(f"{journal.resolve()}\n")

    def handed_over(self) -> list[Path]:
        """The journals of all workers."""
        lists = sorted(self._folder.glob("*.journals"))
        return [Path(line) for each in lists for line in each.read_text(encoding="utf-8").splitlines()]


class Controller:
    """The hooks of the process that starts the workers."""

    def __init__(self, config: pytest.Config, state_of: Callable[[pytest.Config], Any]) -> None:
        self._config = config
        self._state_of = state_of
        self._folder = Path(tempfile.mkdtemp(prefix="netprobe-pytest-"))
        config.stash[_EXCHANGE] = Exchange(self._folder, "controller")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker where to hand over journals."""
        node.workerinput[FOLDER] = str(self._folder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self) -> None:
        """Refuse a distribution that would scatter scenarios, and wrong settings, before any test runs."""
        if not self._config.stash[_EXCHANGE].groups():
            return
        dist = self._config.getoption("dist")
        if dist != "loadgroup":
            raise pytest.UsageError(_REFUSED.format(dist=dist))
        _ = self._state_of(self._config).settings

    def pytest_unconfigure(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)


def exchange_of(config: pytest.Config) -> Exchange | None:
    """Return what this process shares with the others; None without pytest-xdist."""
    told = getattr(config, "workerinput", None)
    if told is None:
        return config.stash.get(_EXCHANGE, None)
    return Exchange(Path(told[FOLDER]), told["workerid"])
