"""Questions to a run: did this pod reach that one? Answers are what was observed, or no answer at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

import pytest

from netprobe.model.finding import Finding, Seen, Verdict
from netprobe.model.flow import Destination, Flow, PodRef
from netprobe.model.run import RunResult, StepResult


@dataclass(frozen=True, slots=True)
class Question:
    """One edge in the words of a test; ``step`` None: the last one."""

    source: str
    destination: str
    port: int
    protocol: str
    via: str
    step: str | None

    def __str__(self) -> str:
        """Render as the key of a flow."""
        return f"{self.source}->{self.destination}:{self.port}/{self.protocol}/{self.via}"


@dataclass(frozen=True, repr=False)
class Reachability:
    """What was observed of an edge; true when it was open. ``findings`` are those of all its replicas."""

    open: bool
    findings: tuple[Finding, ...]

    def __bool__(self) -> bool:
        return self.open

    def __repr__(self) -> str:
        explanations = dict.fromkeys(finding.explanation for finding in self.findings)
        return f"<{'reachable' if self.open else 'not reachable'}: {'; '.join(explanations)}>"


def answer(question: Question, result: RunResult) -> Reachability:
    """Return what was observed. Fails or skips the test that asks when nothing was."""
    step = _step(question, result)
    findings = [finding for finding in step.findings if _matches(question, finding.flow)]
    if not findings:
        _fail(_unknown(question, [finding.flow for finding in step.findings]))
    _need_evidence(question, findings)
    opened = {finding.seen is Seen.OPEN for finding in findings}
    if len(opened) > 1:
        lines = (f"  {finding.seen.value}: {finding.flow.key}" for finding in findings)
        _fail("\n".join((f"the replicas of {question} do not agree", *lines)))
    return Reachability(open=opened == {True}, findings=tuple(findings))


def _step(question: Question, result: RunResult) -> StepResult:
    names = [step.name for step in result.steps]
    if not names:
        _fail(f"the run of {result.scenario} measured no step: {result.interrupted or 'there is none'}")
    if question.step is None:
        return result.steps[-1]
    if question.step not in names:
        _fail(f'{result.scenario} has no step "{question.step}"{_near(question.step, names)}')
    return result.steps[names.index(question.step)]


def _need_evidence(question: Question, findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.verdict is Verdict.SKIP:
            pytest.skip(f"{question}: {finding.explanation}")
        if finding.seen is Seen.NOTHING or finding.network.verdict is Verdict.INCONCLUSIVE:
            _fail(f"there is no evidence about {finding.flow.key}: {finding.network.reason}")


def _matches(question: Question, flow: Flow) -> bool:
    return (
        question.source in _names(flow.source)
        and question.destination in _names(flow.destination)
        and question.port in {flow.port, flow.service_port or flow.port}
        and question.protocol == flow.protocol.value.lower()
        and question.via == flow.via.value
    )


def _names(end: Destination) -> tuple[str, ...]:
    """What an end may be called: with its index, or without it for all replicas."""
    return (str(end), f"{end.namespace}/{end.workload}") if isinstance(end, PodRef) else (str(end),)


def _unknown(question: Question, flows: Sequence[Flow]) -> str:
    """Say which word of the question fits no flow, and what is near it."""
    sources = _all_names(flow.source for flow in flows)
    destinations = _all_names(flow.destination for flow in flows)
    for what, word, known in (
        ("source", question.source, sources),
        ("destination", question.destination, destinations),
    ):
        if word not in known:
            return f'no flow of this step has the {what} "{word}"{_near(word, known)}'
    between = [
        flow
        for flow in flows
        if question.source in _names(flow.source) and question.destination in _names(flow.destination)
    ]
    there = "; there are: " + ", ".join(flow.key for flow in between) if between else ""
    return f"{question} is no flow of this step{there}"


def _all_names(ends: Iterable[Destination]) -> list[str]:
    return list(dict.fromkeys(name for end in ends for name in reversed(_names(end))))


def _near(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(close)}?" if close else f"; there are: {', '.join(known)}"


def _fail(text: str) -> NoReturn:
    pytest.fail(text, pytrace=False)
