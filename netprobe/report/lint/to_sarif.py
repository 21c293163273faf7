"""Findings of the lint as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePath
from urllib.parse import quote

from netprobe.model.lint import LintFinding, LintReport, LintRule, Severity
from netprobe.model.place import Place
from netprobe.report.lint.counting import object_text

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: LintReport) -> str:
    """Return the SARIF log.

    A fix stands as text in the message: SARIF's own ``fixes`` would need the exact region that each
    line replaces, and the place of an object that is to be added is the author's choice.
    """
    numbers = {rule.id: number for number, rule in enumerate(report.rules)}
    driver = {
        "name": "netprobe",
        "version": report.netprobe_version,
        "rules": [_rule(rule) for rule in report.rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, numbers) for each in report.findings],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: LintRule) -> dict[str, object]:
    text = f"{rule.title}. {rule.why}"
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": f"**{rule.title}**\n\n{rule.why}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["kubernetes", "network-policy"]},
    }


def _result(finding: LintFinding, numbers: Mapping[str, int]) -> dict[str, object]:
    kind, namespace, name = finding.object
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": _text(finding), "markdown": _markdown(finding)},
        "locations": [
            {
                "physicalLocation": _location(finding.place),
                "logicalLocations": [
                    {"fullyQualifiedName": "/".join(part for part in (kind, namespace, name) if part)}
                ],
            }
        ],
        "partialFingerprints": {"netprobeFinding/v1": _fingerprint(finding)},
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": n, "physicalLocation": _location(each.place), "message": {"text": each.message}}
            for n, each in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        fix = finding.fix
        result["properties"] = {"fix": {"advice": fix.advice, "yaml": fix.yaml, "adds": fix.adds}}
    return result


def _text(finding: LintFinding) -> str:
    lines = [f"{object_text(finding.object)}: {finding.message}", finding.why]
    if finding.fix is not None:
        lines.append(f"Fix: {finding.fix.advice}" + (f":\n{finding.fix.yaml}" if finding.fix.yaml else ""))
    return "\n".join(lines)


def _markdown(finding: LintFinding) -> str:
    parts = [f"`{object_text(finding.object)}`: {finding.message}", finding.why]
    if finding.fix is not None:
        parts.append(f"**Fix:** {finding.fix.advice}")
        if finding.fix.yaml:
            parts.append(f"```yaml\n{finding.fix.yaml}\n```")
    return "\n\n".join(parts)


def _location(place: Place) -> dict[str, object]:
    path = PurePath(place.file)
    uri = quote(path.as_posix())
    artifact: dict[str, object] = {"uri": f"file://{uri}"} if path.is_absolute() else {"uri": uri}
    if not place.line:
        return {"artifactLocation": artifact}
    region = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    return {"artifactLocation": artifact, "region": region}


def _fingerprint(finding: LintFinding) -> str:
    """Stays when lines move: the rule, the object, and the piece of it."""
    words = (finding.rule, *finding.object, finding.path)
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]
