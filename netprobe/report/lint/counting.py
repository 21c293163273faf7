"""How many findings, in what; names of objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from netprobe.model.inventory import ObjectKey
from netprobe.model.lint import LintFinding, LintReport, Severity


def counts(findings: Sequence[LintFinding]) -> dict[Severity, int]:
    """Count the findings of each severity, worst first."""
    found = Counter(finding.severity for finding in findings)
    return {severity: found[severity] for severity in sorted(Severity, key=lambda each: -each.rank)}


def counted(findings: Sequence[LintFinding]) -> str:
    """Return ``1 error, 2 warnings``, ``nothing found`` when there is nothing."""
    words = [_many(count, severity.value) for severity, count in counts(findings).items() if count]
    return ", ".join(words) or "nothing found"


def looked_at(report: LintReport) -> str:
    """Return ``3 policies, 5 pods, 2 namespaces``."""
    policies = f"{report.policies} {'policy' if report.policies == 1 else 'policies'}"
    return f"{policies}, {_many(report.pods, 'pod')}, {_many(report.namespaces, 'namespace')}"


def object_text(key: ObjectKey) -> str:
    """Name an object: ``NetworkPolicy shop/web``."""
    kind, namespace, name = key
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 or word == "info" else f"{count} {word}s"
