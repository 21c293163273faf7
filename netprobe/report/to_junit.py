"""Runs as JUnit XML: one suite for each run, one case for each finding, for CI systems to show."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from netprobe.model.finding import Finding, Verdict
from netprobe.model.run import RunResult

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, in any spelling (its production 2)."""


def render(results: Sequence[RunResult]) -> str:
    """Return the XML document of ``results``.

    PASS is a passed case; FAIL a failure whose type is the kind; INCONCLUSIVE an error; SKIP and
    UNDEFINED are skipped with their reason. A run that ended early has one more case, an error.
    """
    document = JUnitXml("netprobe")
    for result in results:
        document.append(_suite(result))  # add_testsuite would merge suites that look alike
    document.update_statistics()
    text = io.BytesIO()
    document.write(text, pretty=True)
    return text.getvalue().decode("utf-8")


def _suite(result: RunResult) -> TestSuite:
    suite = TestSuite(clean(result.scenario))
    suite.timestamp = result.started.removesuffix("Z")
    properties = {
        "netprobe.version": result.netprobe_version,
        "netprobe.run": result.run_id,
        "netprobe.verdict": result.verdict.value,
        "cluster.name": result.cluster.name,
        "cluster.title": result.cluster.title,
        "cluster.version": result.cluster.version,
        **{f"cluster.{name}": value for name, value in sorted(result.cluster.facts.items())},
    }
    for name, value in properties.items():
        suite.add_property(clean(name), clean(value))
    for kind, lines in (("headline", result.headlines), ("note", result.notes)):
        for line in lines:
            suite.add_property(f"netprobe.{kind}", clean(line))
    cases = [_case(f"{result.scenario}.{step.name}", f) for step in result.steps for f in step.findings]
    if result.interrupted:
        cases.append(_interrupted(result))
    suite.add_testcases(cases)  # in one go: each add_testcase would count them all again
    return suite


def _case(classname: str, finding: Finding) -> TestCase:
    case = TestCase(clean(finding.flow.key), classname=clean(classname), time=round(finding.seconds, 3))
    if finding.verdict is not Verdict.PASS:
        case.result = [_outcome(finding)]
    return case


def _outcome(finding: Finding) -> Failure | Error | Skipped:
    message = clean(finding.explanation)
    if finding.verdict in (Verdict.SKIP, Verdict.UNDEFINED):
        return Skipped(message, finding.verdict.value)
    if finding.verdict is Verdict.INCONCLUSIVE:
        outcome = Error(message, finding.verdict.value)
    else:
        outcome = Failure(message, finding.kind.value if finding.kind is not None else "")
    outcome.text = "\n".join(_details(finding))
    return outcome


def _details(finding: Finding) -> list[str]:
    """Return the lines below a message: the finding's id, the intent and the attempts."""
    lines = [finding.id]
    if finding.intent is not None:
        place = f" ({finding.intent.place})" if finding.intent.place is not None else ""
        lines.append(f"intent: {finding.intent.text}{place}")
    for attempt in finding.observation.attempts if finding.observation is not None else ():
        control = f", control failed: {attempt.broken_control}" if attempt.broken_control else ""
        said = f", {attempt.detail}" if attempt.detail else ""
        lines.append(
            f"round {attempt.round}: {attempt.outcome.value} in {attempt.seconds:.2f} s, "
            f"{attempt.phase.value}{control}{said}"
        )
    return [clean(line) for line in lines]


def _interrupted(result: RunResult) -> TestCase:
    case = TestCase("the run ended early", classname=clean(result.scenario), time=0.0)
    case.result = [Error(clean(result.interrupted), "INTERRUPTED")]
    return case


def clean(text: str) -> str:
    """Return text that XML can hold."""
    return _NOT_XML.sub("\ufffd", text)
