"""What one cluster came to in a row: its verdict, its numbers, its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from netprobe.comparison.measured import MeasuredAudit, MeasuredFeature, MeasuredFinding, MeasuredRun
from netprobe.model.audit import Enforcement
from netprobe.model.comparison import Cell, Standing
from netprobe.model.finding import Kind, Verdict

OPEN_ANYWAY = "OPEN ANYWAY"
"""The verdict of a feature with nothing to deny where nothing is enforced: that it is open shows nothing."""

_MOST_EVIDENCE = 3
_ENFORCEMENT = {
    Enforcement.ENFORCED: Standing.GOOD,
    Enforcement.PARTIALLY_ENFORCED: Standing.BAD,
    Enforcement.NOT_ENFORCED: Standing.BAD,
    Enforcement.INCONCLUSIVE: Standing.UNKNOWN,
    Enforcement.SKIPPED: Standing.NEUTRAL,
}
_VERDICTS: Mapping[Verdict, Standing] = {
    Verdict.PASS: Standing.GOOD,
    Verdict.SKIP: Standing.NEUTRAL,
    Verdict.UNDEFINED: Standing.LEFT_OPEN,
    Verdict.INCONCLUSIVE: Standing.UNKNOWN,
    Verdict.FAIL: Standing.BAD,
}


def no_answer(reason: str) -> Cell:
    """The cell of something that was asked for and not measured."""
    return Cell(verdict=Enforcement.INCONCLUSIVE.value, standing=Standing.UNKNOWN, reason=reason)


def network_cell(audit: MeasuredAudit) -> Cell:
    """The verdict over the whole network. It counts no leaks: features share probes."""
    standing = _ENFORCEMENT[audit.verdict]
    known = standing is not Standing.UNKNOWN
    return Cell(
        verdict=audit.verdict.value,
        standing=standing,
        agreed=max(0, audit.probes - audit.deviations) if known else 0,
        evidence=(audit.conclusion,) if known else (),
        reason="" if known else audit.conclusion,
    )


def feature_cell(feature: MeasuredFeature, audit: MeasuredAudit) -> Cell:
    """What became of one feature."""
    nothing = audit.verdict is Enforcement.NOT_ENFORCED and feature.verdict is Enforcement.ENFORCED
    return Cell(
        verdict=OPEN_ANYWAY if nothing else feature.verdict.value,
        standing=Standing.NEUTRAL if nothing else _ENFORCEMENT[feature.verdict],
        agreed=feature.agreed,
        leaks=feature.leaked,
        blocks=feature.blocked,
        unanswered=feature.unanswered,
        skipped=feature.skipped,
        evidence=feature.examples[:_MOST_EVIDENCE],
        reason="only flows that must be open: nothing is enforced here" if nothing else feature.reason,
    )


def flows_cell(findings: Sequence[MeasuredFinding], *, interrupted: str = "") -> Cell:
    """What the flows of a step or a scenario came to: the worst verdict, with failures by kind.

    ``interrupted`` says why not all was measured; a failure is proof all the same.
    """
    counts = Counter(finding.verdict for finding in findings)
    kinds = Counter(finding.kind for finding in findings)
    worst = max(counts, key=lambda verdict: verdict.severity, default=Verdict.INCONCLUSIVE)
    if worst is Verdict.SKIP and counts[Verdict.PASS]:
        worst = Verdict.PASS
    if interrupted and worst is not Verdict.FAIL:
        worst = Verdict.INCONCLUSIVE
    telling = [finding.explanation for finding in findings if finding.verdict is worst]
    quiet = worst in (Verdict.PASS, Verdict.UNDEFINED)
    unanswered = worst in (Verdict.INCONCLUSIVE, Verdict.SKIP)
    return Cell(
        verdict=worst.value,
        standing=_VERDICTS[worst],
        agreed=counts[Verdict.PASS] + counts[Verdict.UNDEFINED],
        leaks=kinds[Kind.LEAK],
        blocks=kinds[Kind.BLOCKED],
        mistakes=kinds[Kind.POLICY_MISTAKE],
        unanswered=counts[Verdict.INCONCLUSIVE],
        skipped=counts[Verdict.SKIP],
        evidence=() if quiet else tuple(telling[:_MOST_EVIDENCE]),
        reason=interrupted or (telling[0] if unanswered and telling else ""),
    )


def run_cell(run: MeasuredRun) -> Cell:
    """What a whole run came to."""
    return flows_cell(run.findings, interrupted=run.interrupted)


def finding_cell(finding: MeasuredFinding) -> Cell:
    """The verdict about one flow."""
    kind = finding.kind
    return Cell(
        verdict=finding.verdict.value,
        standing=_VERDICTS[finding.verdict],
        agreed=int(finding.verdict in (Verdict.PASS, Verdict.UNDEFINED)),
        leaks=int(kind is Kind.LEAK),
        blocks=int(kind is Kind.BLOCKED),
        mistakes=int(kind is Kind.POLICY_MISTAKE),
        unanswered=int(finding.verdict is Verdict.INCONCLUSIVE),
        skipped=int(finding.verdict is Verdict.SKIP),
        seen=finding.seen,
        evidence=(finding.explanation,) if finding.explanation else (),
        reason=finding.explanation if finding.verdict in (Verdict.INCONCLUSIVE, Verdict.SKIP) else "",
    )
