"""The audit of a session's cluster, made once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netprobe.app.check import Checked, CheckRequest, check_on
from netprobe.cluster.port import Cluster
from netprobe.config.settings import Config
from netprobe.errors import NetprobeError
from netprobe.model.audit import AuditReport, Enforcement
from netprobe.pytest_plugin.problems import explain
from netprobe.runner.progress import Watcher


class SessionAudit:
    """The audit, or why there is none; ``notes`` are for the end of the session."""

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes
        self._report: AuditReport | None = None
        self._refused = False

    def of(
        self, cluster: Callable[[], Cluster], settings: Callable[[], Config], watcher: Watcher
    ) -> AuditReport:
        """Return the report. When the environment kept us from it, the first one fails, others skip."""
        if self._refused:
            pytest.skip("the audit of the cluster could not be made, see the first failure")
        if self._report is None:
            subject = cluster()
            try:
                self._report = self._unless_broken(
                    check_on(subject, CheckRequest(config=settings()), watcher)
                )
            except NetprobeError as error:
                self._refused = True
                reason = explain(error)
            else:
                return self._report
            pytest.fail(f"the cluster could not be audited\n{reason}", pytrace=False)
        return self._report

    def _unless_broken(self, checked: Checked) -> AuditReport:
        """The report, unless the audit ended early without a proof; a deviation is proof all the same."""
        if checked.report.journal:
            self._notes.append(f"journal of the audit: {checked.report.journal}")
        if checked.interrupted:
            raise KeyboardInterrupt(checked.interrupted)
        if checked.failure is not None and checked.report.audit.verdict is Enforcement.INCONCLUSIVE:
            raise checked.failure
        return checked.report
