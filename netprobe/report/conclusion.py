"""What a run comes to: one word, one sentence, one exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from netprobe.model.finding import Finding, Kind, Verdict
from netprobe.model.run import RunResult

_FAILURES = {
    Kind.LEAK: "the network lets through what the policies deny",
    Kind.BLOCKED: "the network blocks what the policies allow",
    Kind.POLICY_MISTAKE: "the policies do not say what the scenario's author intends",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """The end of a report. ``exit_code`` follows the table in docs/reports.md."""

    word: str
    sentence: str
    exit_code: int


def conclude(result: RunResult) -> Conclusion:
    """Return what ``result`` comes to.

    0: at least one PASS and nothing worse than UNDEFINED; 1: any FAIL; 3: something is
    INCONCLUSIVE, nothing passed at all, or the run ended early without a failure.
    """
    code = exit_code_of((result,))
    if result.interrupted:
        return Conclusion(word="INTERRUPTED", sentence=_interrupted_sentence(result), exit_code=code)
    verdict = result.verdict
    passed = any(f.verdict is Verdict.PASS for f in result.findings)
    sentences = {
        Verdict.FAIL: _failure_sentence(result.findings),
        Verdict.INCONCLUSIVE: _doubt_sentence(result.findings),
        Verdict.UNDEFINED: _undefined_sentence(result.findings, passed=passed),
        Verdict.SKIP: _skip_sentence(result.findings, passed=passed),
        Verdict.PASS: _pass_sentence(result.findings),
    }
    word = Verdict.PASS if verdict is Verdict.SKIP and passed else verdict
    return Conclusion(word=word.value, sentence=sentences[verdict], exit_code=code)


def exit_code_of(results: Sequence[RunResult]) -> int:
    """Return the exit code of a command that made ``results``: DESIGN's rule over all their findings.

    A scenario that a cluster cannot run (all SKIP) does not spoil a set in which others passed;
    alone it is 3, because nothing was shown.
    """
    worst = max((r.verdict for r in results), key=lambda v: v.severity, default=Verdict.INCONCLUSIVE)
    if worst is Verdict.FAIL:
        return 1
    passed = any(f.verdict is Verdict.PASS for r in results for f in r.findings)
    whole = not any(r.interrupted for r in results)
    return 0 if passed and whole and worst is not Verdict.INCONCLUSIVE else 3


def count_verdicts(findings: Sequence[Finding]) -> dict[Verdict, int]:
    """Return how many findings have each verdict, worst last, those that do not occur left out."""
    counts = Counter(f.verdict for f in findings)
    return {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}


def count_kinds(findings: Sequence[Finding]) -> dict[Kind, int]:
    """Return how many failures are of each kind, those that do not occur left out."""
    counts = Counter(f.kind for f in findings if f.kind is not None)
    return {kind: counts[kind] for kind in Kind if counts[kind]}


def _failure_sentence(findings: Sequence[Finding]) -> str:
    kinds = count_kinds(findings)
    return ", and ".join(_FAILURES[kind] for kind in kinds)


def _doubt_sentence(findings: Sequence[Finding]) -> str:
    doubtful = sum(f.verdict is Verdict.INCONCLUSIVE for f in findings)
    if not doubtful:
        return "nothing was measured"
    return f"{flows(doubtful)} of {len(findings)} gave no evidence either way; no failure was proved"


def _undefined_sentence(findings: Sequence[Finding], *, passed: bool) -> str:
    count = sum(f.verdict is Verdict.UNDEFINED for f in findings)
    rest = "everything else is as it should be" if passed else "nothing else was shown"
    return f"{flows(count)} rest on what the Kubernetes reference leaves open; {rest}"


def _skip_sentence(findings: Sequence[Finding], *, passed: bool) -> str:
    count = sum(f.verdict is Verdict.SKIP for f in findings)
    if not passed:
        return "this cluster lacks what the scenario requires; nothing was shown"
    return f"{_pass_sentence(findings)}; {flows(count)} skipped"


def _pass_sentence(findings: Sequence[Finding]) -> str:
    if any(f.intent is not None for f in findings):
        return "the network, the policies and the intent agree"
    return "the network does what the policies say"


def _interrupted_sentence(result: RunResult) -> str:
    reason = result.interrupted.rstrip(".")
    if not result.findings:
        return f"{reason}; nothing had been measured"
    kinds = count_kinds(result.findings)
    seen = f", and {_failure_sentence(result.findings)}" if kinds else ""
    return f"{reason}; this report holds what was measured until then{seen}"


def flows(count: int) -> str:
    """``1 flow`` or ``12 flows``."""
    return f"{count} flow" if count == 1 else f"{count} flows"
