"""One cluster of a comparison: opened, audited, run on, closed; what kept it from that is in the answer."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace

from netprobe.app.check import CheckRequest, check_on
from netprobe.app.clusters import KeepsTime, clock_of, open_cluster
from netprobe.app.jobs import job_for
from netprobe.app.journals import journal_paths
from netprobe.campaign.campaign import run_campaign
from netprobe.campaign.job import Outcome
from netprobe.campaign.stopping import Stop, StoppableClock
from netprobe.cluster.port import Cluster
from netprobe.comparison.measured import Measured, MeasuredAudit, MeasuredRun
from netprobe.comparison.reading import read_reports
from netprobe.config.settings import Config
from netprobe.errors import NetprobeError, RunInterrupted
from netprobe.model.scenario import Scenario
from netprobe.report import to_json
from netprobe.report.audit import to_json as audit_to_json
from netprobe.runner.clock import Clock
from netprobe.runner.progress import Watcher


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """What is measured on every cluster: the audit, scenarios, or both."""

    config: Config
    check: bool = True
    scenarios: tuple[Scenario, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """What came of one cluster; ``stopped``: the user wants nothing more to be measured."""

    measured: Measured
    stopped: bool = False


def measure(
    word: str, suite: Suite, watcher: Watcher, *, stop: Stop | None = None, share: int = 1
) -> Measurement:
    """Measure the cluster that ``word`` names.

    ``share``: so many clusters are measured at the same time, each with its part of the machine; ``stop``
    ends it early. Raises nothing for what goes wrong on the cluster: hours of others would be lost with it.
    """
    work = _Work(word=word, suite=suite, watcher=watcher, stop=stop, share=share)
    try:
        watcher.stage("opening the cluster")
        with closing(open_cluster(word)) as cluster:
            work.carry_out(cluster)
    except RunInterrupted as interruption:
        work.interrupt(interruption.message)
    except NetprobeError as error:
        work.miss(error)
    except Exception as error:  # noqa: BLE001 - a fault of netprobe, too, must not cost what others came to
        work.break_off(error)
    return work.done()


class _Work:
    """A cluster's measurement as it grows."""

    def __init__(self, *, word: str, suite: Suite, watcher: Watcher, stop: Stop | None, share: int) -> None:
        self._word = word
        self._suite = suite
        self._config = replace(suite.config, cluster=word)
        self._watcher = watcher
        self._stop = stop
        self._share = share
        self._reports: list[MeasuredAudit | MeasuredRun] = []
        self._reasons: list[str] = []
        self._stopped = False

    def carry_out(self, cluster: Cluster) -> None:
        """Audit, then run the scenarios, unless it is interrupted."""
        if self._suite.check:
            self._audit(cluster)
        if self._suite.scenarios and not self._stopped:
            self._run(cluster)

    def interrupt(self, reason: str) -> None:
        """Note that the user stopped it."""
        self._stopped = True
        self._note(reason)

    def miss(self, error: NetprobeError) -> None:
        """Note what kept us from measuring."""
        self._note(error.message)
        self._watcher.warning(error.message + (f" → {error.remedy}" if error.remedy else ""))

    def break_off(self, error: Exception) -> None:
        """Note a fault of netprobe itself."""
        words = " ".join(str(error).split()) or "no message"
        text = f"internal error, not your fault: {type(error).__name__}: {words}"
        self._note(text)
        debug = f"→ NETPROBE_DEBUG=1 netprobe check --cluster {self._word} may show where"
        self._watcher.warning(f"{text} {debug}")

    def done(self) -> Measurement:
        """Return what there is."""
        audit = next((each for each in self._reports if isinstance(each, MeasuredAudit)), None)
        runs = tuple(each for each in self._reports if isinstance(each, MeasuredRun))
        missing = "; ".join(dict.fromkeys(self._reasons))
        measured = Measured(label=self._word, audit=audit, runs=runs, missing=missing)
        return Measurement(measured=measured, stopped=self._stopped)

    def _note(self, reason: str) -> None:
        self._reasons.append(reason.rstrip("."))

    def _audit(self, cluster: Cluster) -> None:
        request = CheckRequest(config=self._config)
        checked = check_on(cluster, request, self._watcher, clock=self._clock(cluster))
        # By way of the report, as a saved one: what is fresh compares as what is saved.
        self._reports += read_reports(audit_to_json.render(checked.report), self._word)
        if checked.failure is not None:
            self.miss(checked.failure)
        if checked.interrupted:
            self.interrupt(checked.interrupted)

    def _run(self, cluster: Cluster) -> None:
        with closing(self._campaign(cluster)) as outcomes:
            for outcome in outcomes:
                self._reports += read_reports(to_json.render([outcome.result]), self._word)
                if outcome.failure is not None:
                    self.miss(outcome.failure)
                elif outcome.result.interrupted:
                    self.interrupt(outcome.result.interrupted)

    def _campaign(self, cluster: Cluster) -> Generator[Outcome, None, None]:
        scenarios = self._suite.scenarios
        ids = [secrets.token_hex(3) for _ in scenarios]
        journals = journal_paths(scenarios, ids, named=None, folder=self._config.journals)
        jobs = [
            job_for(*prepared, config=self._config, cluster=cluster)
            for prepared in zip(scenarios, ids, journals, strict=True)
        ]
        clock = self._clock(cluster)
        jobs = [replace(job, options=replace(job.options, clock=clock)) for job in jobs]
        return run_campaign(jobs, cluster, self._watcher, width=self._width(cluster))

    def _width(self, cluster: Cluster) -> int:
        if isinstance(cluster, KeepsTime):
            return 1
        return max(1, (self._config.jobs or cluster.limits.runs_at_once) // self._share)

    def _clock(self, cluster: Cluster) -> Clock:
        clock = clock_of(cluster)
        return clock if self._stop is None else StoppableClock(clock, self._stop)
