"""Findings of the lint as JSON, in a versioned shape (docs/lint.md)."""

from __future__ import annotations

import json

from netprobe.model.lint import Fix, LintFinding, LintReport
from netprobe.model.place import Place
from netprobe.report.lint.counting import counts

VERSION = 1
"""The value of ``netprobe_lint``; it grows when a reader of the old shape would be misled."""


def render(report: LintReport) -> str:
    """Return the JSON document; the same manifests give the same text."""
    document = {
        "netprobe_lint": VERSION,
        "netprobe_version": report.netprobe_version,
        "exit_code": report.exit_code,
        "counts": {severity.value: count for severity, count in counts(report.findings).items()},
        "looked_at": {"policies": report.policies, "pods": report.pods, "namespaces": report.namespaces},
        "findings": [_finding(each) for each in report.findings],
        "rules": [
            {"id": rule.id, "severity": rule.severity.value, "title": rule.title, "why": rule.why}
            for rule in report.rules
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _finding(finding: LintFinding) -> dict[str, object]:
    kind, namespace, name = finding.object
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "place": _place(finding.place),
        "object": {"kind": kind, "namespace": namespace, "name": name},
        "path": finding.path,
        "message": finding.message,
        "why": finding.why,
        "fix": _fix(finding.fix),
        "related": [{"place": _place(each.place), "message": each.message} for each in finding.related],
    }


def _place(place: Place) -> dict[str, object]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _fix(fix: Fix | None) -> dict[str, object] | None:
    return None if fix is None else {"advice": fix.advice, "yaml": fix.yaml, "adds": fix.adds}
