"""A scenario.yaml as tests: one for each finding, known without a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol

import pytest

from netprobe.errors import InputError
from netprobe.model.finding import Finding, Verdict
from netprobe.model.flow import Flow
from netprobe.model.scenario import Scenario, Step
from netprobe.pytest_plugin.failure import explain_finding
from netprobe.pytest_plugin.problems import explain
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.load import load_scenario

MOST_FLOWS = 400
"""A scenario with more flows has one test for each step and source."""


class Measures(Protocol):
    """What runs a scenario; it loads only when the first test begins, since collecting must be quick."""

    def measured(self, scenario: Scenario, path: Path, step: str, keys: Sequence[str]) -> tuple[Finding, ...]:
        """Return the findings of ``keys``; fails or skips the test when the run does not have them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What one test is about: some flows of one step, by key."""

    scenario: Scenario
    step: Step
    keys: tuple[str, ...]
    name: str


class ScenarioYaml(pytest.File):
    """The file of one scenario; a broken one is one failing test."""

    def __init__(self, *, state_of: Callable[[pytest.Config], Measures], **more: Any) -> None:
        super().__init__(**more)
        self._state_of = state_of

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the tests in the order of steps and flows."""
        try:
            scenario = load_scenario(self.path)
        except InputError as error:
            yield Unloadable.from_parent(self, name="the scenario can be loaded", error=error)
            return
        flows = [(step, flows_of_step(scenario, step)) for step in scenario.steps]
        many = sum(len(each) for _, each in flows) > MOST_FLOWS
        for step, each in flows:
            for name, keys in _by_source(each) if many else _one_by_one(each):
                subject = Subject(scenario=scenario, step=step, keys=keys, name=f"{step.name}/{name}")
                yield FindingTest.from_parent(
                    self, name=subject.name, subject=subject, state_of=self._state_of
                )


def _one_by_one(flows: Sequence[Flow]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for flow in flows:
        yield flow.key, (flow.key,)


def _by_source(flows: Sequence[Flow]) -> Iterator[tuple[str, tuple[str, ...]]]:
    sources: dict[str, list[str]] = {}
    for flow in flows:
        sources.setdefault(str(flow.source), []).append(flow.key)
    for source, keys in sources.items():
        yield source, tuple(keys)


class Unloadable(pytest.Item):
    """The one failing test of a scenario that cannot be loaded."""

    def __init__(self, *, error: InputError, **more: Any) -> None:
        super().__init__(**more)
        self._error = error

    def runtest(self) -> None:
        """Fail with all problems of all its files."""
        pytest.fail(explain(self._error), pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the first problem is."""
        line = self._error.problems[0].place.line if self._error.problems else 0
        return self.path, max(line - 1, 0), self.name


class FindingTest(pytest.Item):
    """The test of one finding, or of one source's findings where there are very many."""

    def __init__(
        self, *, subject: Subject, state_of: Callable[[pytest.Config], Measures], **more: Any
    ) -> None:
        super().__init__(**more)
        self._state_of = state_of
        self._subject = subject
        self._findings: tuple[Finding, ...] = ()
        if self.config.pluginmanager.hasplugin("timeout"):
            # The first test of a scenario takes as long as the run, which has deadlines of its own.
            self.add_marker(pytest.mark.timeout(0))

    def setup(self) -> None:
        """Run the scenario unless that was done, and find this test's part; what proves nothing ends here."""
        subject = self._subject
        state = self._state_of(self.config)
        self._findings = state.measured(subject.scenario, self.path, subject.step.name, subject.keys)
        worst = _worst(self._findings)
        if worst is Verdict.INCONCLUSIVE:
            self._fail(worst)
        if worst is Verdict.PASS or any(f.verdict is Verdict.PASS for f in self._findings):
            return
        if worst is not Verdict.FAIL:
            reason_given = "; ".join(dict.fromkeys(f.explanation for f in self._findings))
            raise pytest.skip.Exception(f"{worst.value}: {reason_given}", _use_item_location=True)

    def runtest(self) -> None:
        """Fail when the verdict is FAIL."""
        if _worst(self._findings) is Verdict.FAIL:
            self._fail(Verdict.FAIL)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the step stands."""
        place = self._subject.step.place
        return self.path, place.line - 1 if place is not None and place.line else 0, self.name

    def _fail(self, verdict: Verdict) -> NoReturn:
        bad = [finding for finding in self._findings if finding.verdict is verdict]
        scenario = self._subject.scenario
        pytest.fail("\n\n".join(explain_finding(finding, scenario) for finding in bad), pytrace=False)


def _worst(findings: Sequence[Finding]) -> Verdict:
    return max((finding.verdict for finding in findings), key=lambda verdict: verdict.severity)
