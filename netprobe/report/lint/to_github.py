"""Findings of the lint as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from netprobe.model.lint import LintFinding, LintReport, Severity
from netprobe.report.lint.counting import object_text

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: LintReport) -> str:
    """Return one command in a line for each finding."""
    return "".join(f"{_command(each)}\n" for each in report.findings)


def _command(finding: LintFinding) -> str:
    place = finding.place
    properties = {"file": place.file}
    if place.line:
        properties["line"] = str(place.line)
    if place.column:
        properties["col"] = str(place.column)
    properties["title"] = f"{finding.rule}: {object_text(finding.object)}"
    words = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {words}::{_data(_message(finding))}"


def _message(finding: LintFinding) -> str:
    lines = [finding.message, finding.why]
    if finding.fix is not None:
        lines.append(f"Fix: {finding.fix.advice}")
        lines += finding.fix.yaml.splitlines()
    return "\n".join(lines)


def _data(text: str) -> str:
    """Escape a message as GitHub wants it (the toolkit's escapeData)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape the value of a property (the toolkit's escapeProperty)."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
