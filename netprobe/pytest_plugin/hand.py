"""The fixture ``netprobe``: run a scenario from a test function and ask what was reachable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from netprobe.errors import InputError
from netprobe.model.finding import Finding, Verdict
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.pytest_plugin.enforcement import Network, audited
from netprobe.pytest_plugin.failure import explain_finding
from netprobe.pytest_plugin.problems import explain
from netprobe.pytest_plugin.questions import Question, Reachability, answer
from netprobe.pytest_plugin.state import State
from netprobe.pytest_plugin.verdicts import refuse_broken, scenario_key
from netprobe.report.conclusion import conclude
from netprobe.scenario.library import find_scenario, library_roots
from netprobe.scenario.load import load_scenario

_MOST_SHOWN = 3
"""Findings that a failing test shows in full."""


@dataclass(frozen=True, repr=False)
class Run:
    """A judged run; true when it passed. ``result`` is everything that the reports know."""

    result: RunResult

    @property
    def passed(self) -> bool:
        """Whether something passed and nothing is worse than UNDEFINED (exit code 0 of ``netprobe run``)."""
        return conclude(self.result).exit_code == 0

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all findings."""
        return self.result.verdict

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of all steps."""
        return self.result.findings

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that keep the run from passing: FAIL, then INCONCLUSIVE."""
        bad = (Verdict.FAIL, Verdict.INCONCLUSIVE)
        return tuple(f for verdict in bad for f in self.findings if f.verdict is verdict)

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        """One line (pytest cuts it): the conclusion, then what is wrong."""
        end = conclude(self.result)
        head = f"<{self.result.scenario}: {end.word}, {len(self.failures)} of {len(self.findings)} flows"
        wrong = "; ".join(f"{f.kind or f.verdict.value} {f.flow.key}" for f in self.failures)
        return f"{head}: {wrong}>" if wrong else f"{head} wrong>"


class Hand:
    """What a test function holds: ``run``, ``reachable`` and ``check``."""

    def __init__(self, state: State, item: pytest.Item) -> None:
        self._state = state
        self._item = item
        self._last: Run | None = None

    def run(self, scenario: str | Path) -> Run:
        """Run a scenario, once in a session, and return what came of it.

        ``scenario`` is the name of one that comes with netprobe, or a path (below the root folder of
        the tests, else the current one). Fails the test when it cannot be loaded or the run breaks off.
        """
        loaded, key = self._load(scenario)
        ran, fresh = self._state.ran(loaded, key)
        refuse_broken(ran, fresh=fresh)
        if ran.failure is not None or ran.result is None:
            pytest.skip(f"the run of {loaded.name} broke off, see the first failure")
        self._last = Run(ran.result)
        self._show(self._last, loaded)
        return self._last

    def check(self) -> Network:
        """Audit the cluster, once in a session, and return what it enforces and what not.

        Fails the test when the audit cannot be made.
        """
        return audited(self._state)

    def reachable(
        self,
        source: str,
        destination: str,
        port: int,
        *,
        protocol: str = "TCP",
        via: str = "ip",
        step: str | None = None,
    ) -> Reachability:
        """Return what was observed: true when ``source`` reached ``destination`` on ``port``.

        Pods are ``namespace/workload``, or ``namespace/workload[0]`` for one replica; a destination
        may be ``dns`` or ``external:NAME``, too. ``step`` None is the last one of the scenario that this
        test ran. Fails the test for a flow that there is not, or without evidence; skips when the cluster
        lacks what the flow needs.
        """
        if self._last is None:
            pytest.fail(
                'reachable() speaks of a run: call netprobe.run("SCENARIO") first, in the same test',
                pytrace=False,
            )
        question = Question(source, destination, port, protocol.lower(), via.lower(), step)
        return answer(question, self._last.result)

    def _load(self, word: str | Path) -> tuple[Scenario, str]:
        below = self._item.config.rootpath / word
        try:
            path = find_scenario(str(below if below.exists() else word), library_roots())
            return load_scenario(path), scenario_key(path)
        except InputError as error:
            pytest.fail(explain(error), pytrace=False)

    def _show(self, run: Run, scenario: Scenario) -> None:
        """Put what is wrong beside the test; pytest prints it when the test fails."""
        bad = run.failures
        if not bad:
            return
        blocks = [explain_finding(finding, scenario) for finding in bad[:_MOST_SHOWN]]
        if len(bad) > _MOST_SHOWN:
            blocks.append(
                "\n".join(["and", *(f"  {f.kind or f.verdict.value} {f.id}" for f in bad[_MOST_SHOWN:])])
            )
        self._item.add_report_section("call", f"netprobe: {scenario.name}", "\n\n".join(blocks))
