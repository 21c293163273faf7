"""Findings of the lint as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.model.lint import LintFinding, LintReport, LintRule, Severity
from netprobe.report.lint.counting import object_text
from netprobe.report.sarif import fingerprint, log, physical, related

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: LintReport) -> str:
    """Return the SARIF log.

    A fix stands as text in the message: SARIF's own ``fixes`` would need the exact region that each
    line replaces, and the place of an object that is to be added is the author's choice.
    """
    numbers = {rule.id: number for number, rule in enumerate(report.rules)}
    return log(
        version=report.netprobe_version,
        rules=[_rule(rule) for rule in report.rules],
        results=[_result(each, numbers) for each in report.findings],
    )


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
                "physicalLocation": physical(finding.place),
                "logicalLocations": [
                    {"fullyQualifiedName": "/".join(part for part in (kind, namespace, name) if part)}
                ],
            }
        ],
        # Stays when lines move: the rule, the object, and the piece of it.
        "partialFingerprints": fingerprint(finding.rule, *finding.object, finding.path),
    }
    if finding.related:
        result["relatedLocations"] = related([(each.place, each.message) for each in finding.related])
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
