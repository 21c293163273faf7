"""What a pytest session holds: the settings, one cluster, every run once, and the reports at the end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest

from netprobe.app.clusters import open_cluster
from netprobe.app.formats import Output, parse_outputs, write_outputs
from netprobe.app.pytest_runs import Ran, judge_again, run_one
from netprobe.cluster.port import Cluster, Terms
from netprobe.config.settings import Config
from netprobe.errors import InputError, NetprobeError
from netprobe.model.audit import AuditReport
from netprobe.model.finding import Finding
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.pytest_plugin.audits import SessionAudit
from netprobe.pytest_plugin.parallel import exchange_of
from netprobe.pytest_plugin.problems import explain
from netprobe.pytest_plugin.settings import read_settings
from netprobe.pytest_plugin.verdicts import NotMeasured, find, refuse_broken, scenario_key
from netprobe.runner.progress import Nobody

_MOST_JOURNALS = 3
"""That are named one by one at the end of a session."""


class State:
    """One session's cluster and runs; on a worker of pytest-xdist, the worker's."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._exchange = exchange_of(config)
        self._settings: Config | None = None
        self._outputs: tuple[Output, ...] = ()
        self._cluster: Cluster | None = None
        self._refused: NetprobeError | None = None
        self._runs: dict[str, Ran] = {}
        self._notes: list[str] = []
        self._audit = SessionAudit(self._notes)
        self._headlines: list[str] = []
        self._before: Any = None
        self.journals: list[Path] = []

    @property
    def settings(self) -> Config:
        """The settings; raises UsageError when they are wrong."""
        if self._settings is None:
            self._settings = read_settings(self._config)
            self._outputs = parse_outputs(self._settings.output, serves=False)
        return self._settings

    def needed(self, items: Sequence[pytest.Item]) -> None:
        """Something of this session needs netprobe: check the settings, or let the controller do it."""
        if self._exchange is not None:
            # The controller checks the settings, once for all workers.
            self._exchange.tell_groups({item.nodeid: group for item in items if (group := _group(item))})
        else:
            _ = self.settings

    def cluster(self) -> Cluster:
        """Return the cluster, opened at the first call.

        When it cannot be opened, the first who asks fails with the reason, the others are skipped.
        """
        if self._refused is not None:
            word = self.settings.cluster
            pytest.skip(f"the cluster {word} could not be opened, see the first failure")
        if self._cluster is None:
            self._listen()
            try:
                self._cluster = open_cluster(self.settings.cluster, Terms(image=self.settings.image))
            except NetprobeError as error:
                self._refused = error
                told = f"the cluster {self.settings.cluster} could not be opened\n{explain(error)}"
                pytest.fail(told, pytrace=False)
        return self._cluster

    def ran(self, scenario: Scenario, key: str) -> tuple[Ran, bool]:
        """Return what became of the run of ``scenario``, and whether it was run just now.

        ``key`` is its folder. Raises KeyboardInterrupt when the user stopped it; its cleanup is done then.
        """
        if key in self._runs:
            return self._runs[key], False
        cluster = self.cluster()
        ran = run_one(scenario, cluster, self.settings, _Listener(self._notes))
        self._runs[key] = ran
        if ran.journal is not None:
            self.journals.append(ran.journal)
            if self._exchange is not None:
                self._exchange.hand_over(ran.journal)
        if ran.failure is None and ran.result is not None and ran.result.interrupted:
            raise KeyboardInterrupt(ran.result.interrupted)
        return ran, True

    def audited(self) -> AuditReport:
        """Return the audit of the cluster, made at the first call; fails or skips when there is none.

        Raises KeyboardInterrupt when the user stopped it; its cleanup is done then.
        """
        return self._audit.of(self.cluster, lambda: self.settings, _Listener(self._notes))

    def measured(self, scenario: Scenario, path: Path, step: str, keys: Sequence[str]) -> tuple[Finding, ...]:
        """Return the findings of ``keys``. A run that broke off fails its first test, skips others."""
        ran, fresh = self.ran(scenario, scenario_key(path))
        refuse_broken(ran, fresh=fresh)
        try:
            return find(ran, step, keys)
        except NotMeasured as reason:
            pytest.skip(str(reason))

    def finish(self, session: pytest.Session) -> None:
        """Close the cluster and write the reports (with pytest-xdist: the controller does, for all)."""
        self.close()
        if hasattr(self._config, "workerinput"):
            return
        journals = self._exchange.handed_over() if self._exchange is not None else self.journals
        self.journals = list(journals)
        if self._settings is None or not journals:
            return
        try:
            results = judge_again(journals)
            # What is wrong with the cluster as a whole comes first, as in every report.
            self._headlines = list(dict.fromkeys(each for result in results for each in result.headlines))
            self._write(results)
        except InputError as error:
            self._notes.extend(explain(error).splitlines())
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def close(self) -> None:
        """Close the cluster; may be called twice."""
        cluster, self._cluster = self._cluster, None
        if cluster is not None:
            cluster.close()
        if self._before is not None:
            signal.signal(signal.SIGTERM, self._before)
            self._before = None

    def summary(self) -> list[str]:
        """Return the lines for the end of the session."""
        lines = [f"journal: {path} (netprobe judge shows it again)" for path in self.journals]
        if len(lines) > _MOST_JOURNALS:
            folder = self.journals[0].parent
            lines = [f"{len(lines)} journals in {folder} (netprobe judge shows them again)"]
        return [*self._headlines, *lines, *self._notes]

    def _write(self, results: list[RunResult]) -> None:
        write_outputs(self._outputs, results, lambda text: self._notes.extend(text.splitlines()))

    def _listen(self) -> None:
        """Let SIGTERM end the session like Ctrl-C while a cluster is open, so that it is cleaned up."""
        if threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL and self._before is None:
            self._before = signal.signal(signal.SIGTERM, _stop)


def _group(item: pytest.Item) -> str:
    marks = item.iter_markers("xdist_group")
    return "_".join(
        sorted({str(mark.args[0] if mark.args else mark.kwargs.get("name", "")) for mark in marks})
    )


class _Listener(Nobody):
    """Keeps the warnings of runs for the end of the session."""

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes

    def warning(self, text: str) -> None:
        """Keep it."""
        self._notes.append(f"warning: {text}")


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    raise KeyboardInterrupt(f"stopped by {signal.Signals(number).name}")
