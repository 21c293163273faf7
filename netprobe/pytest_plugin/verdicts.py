"""From a run to the findings of one test, and what a run that broke off means for its tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from netprobe.app.pytest_runs import Ran
from netprobe.model.finding import Finding, Verdict
from netprobe.pytest_plugin.problems import explain
from netprobe.runner.results import NOT_MEASURED

_SEE = "the run broke off before this flow was measured, see the first failure"


class NotMeasured(Exception):
    """The run ended before a flow was measured; the text is for a reader."""


def scenario_key(path: Path) -> str:
    """What tells scenarios of a session apart: the folder."""
    folder = path if path.is_dir() else path.parent
    return str(folder.resolve())


def refuse_broken(ran: Ran, *, fresh: bool) -> None:
    """Fail with the reason why the run broke off, once: for the test that began it."""
    if ran.failure is not None and fresh:
        pytest.fail(f"the run broke off\n{explain(ran.failure)}", pytrace=False)


def find(ran: Ran, step: str, keys: Iterable[str]) -> tuple[Finding, ...]:
    """Return the findings of ``keys`` in ``step``. Raises NotMeasured when the run ended before one."""
    wanted = set(keys)
    steps = ran.result.steps if ran.result is not None else ()
    findings = [
        finding
        for each in steps
        if each.name == step
        for finding in each.findings
        if finding.flow.key in wanted
    ]
    missing = len(findings) < len(wanted) or any(_unmeasured(finding) for finding in findings)
    failed = any(finding.verdict is Verdict.FAIL for finding in findings)
    if missing and not failed:
        raise NotMeasured(_SEE)
    return tuple(findings)


def _unmeasured(finding: Finding) -> bool:
    return finding.observation is not None and finding.observation.disturbed == NOT_MEASURED
