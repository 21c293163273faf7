"""Findings of the lint for a terminal: where, what, why, and the fix to paste."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from netprobe.model.lint import LintFinding, LintReport, Severity
from netprobe.report.ink import Ink, Painter
from netprobe.report.lint.counting import counted, looked_at, object_text

_INKS = {Severity.ERROR: Ink.BAD, Severity.WARNING: Ink.DOUBT, Severity.INFO: Ink.STRONG}
_NARROWEST = 40
_PLAIN_WIDTH = 100


def render(report: LintReport) -> str:
    """Return the report for a file: 100 columns, no colour."""
    return render_page(report, width=_PLAIN_WIDTH, color=False)


def render_page(report: LintReport, *, width: int, color: bool, brief: bool = False) -> str:
    """Return a block for each finding, or with ``brief`` a line, and at the end what they come to."""
    painter = Painter(color=color)
    blocks = [
        f"{_head(each, painter)}: {each.message}\n"
        if brief
        else "\n".join(_block(each, width, painter)) + "\n\n"
        for each in report.findings
    ]
    return "".join(blocks) + _end(report, width, painter)


def _end(report: LintReport, width: int, painter: Painter) -> str:
    word, ink = ("FAIL", Ink.BAD) if report.failed else ("PASS", Ink.GOOD)
    text = f"{word}: {counted(report.findings)} in {looked_at(report)} (exit code {report.exit_code})"
    lines = _wrapped(text, width, "", "  ")
    return "\n".join(lines).replace(word, painter.paint(word, ink), 1) + "\n"


def _head(finding: LintFinding, painter: Painter) -> str:
    severity = painter.paint(finding.severity.value, _INKS[finding.severity])
    rule = painter.paint(finding.rule, Ink.STRONG)
    return f"{finding.place}: {severity}: {object_text(finding.object)}: {rule}"


def _block(finding: LintFinding, width: int, painter: Painter) -> Iterator[str]:
    yield _head(finding, painter)
    yield from _wrapped(finding.message, width, "  ")
    yield from _wrapped(f"why: {finding.why}", width, "  ", "       ")
    for each in finding.related:
        yield from _wrapped(f"see: {each.place}: {each.message}", width, "  ", "       ")
    if finding.fix is not None:
        colon = ":" if finding.fix.yaml else ""
        yield from _wrapped(f"fix: {finding.fix.advice}{colon}", width, "  ", "       ")
        for line in finding.fix.yaml.splitlines():
            yield f"       {painter.paint(line, Ink.GOOD)}"


def _wrapped(text: str, width: int, first: str, rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        max(width, _NARROWEST),
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
