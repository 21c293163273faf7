"""Findings of the lint for a terminal: where, what, why, and the fix to paste."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from netprobe.model.inventory import ObjectKey
from netprobe.model.lint import LintFinding, Severity
from netprobe.report.ink import Ink, Painter

_INKS = {Severity.ERROR: Ink.BAD, Severity.WARNING: Ink.DOUBT, Severity.INFO: Ink.STRONG}
_NARROWEST = 40


def render(findings: Sequence[LintFinding], *, width: int, color: bool, brief: bool = False) -> str:
    """Return the findings, a block for each or with ``brief`` a line, "" when there are none."""
    painter = Painter(color=color)
    if brief:
        return "".join(f"{_head(each, painter)}: {each.message}\n" for each in findings)
    return "".join("\n".join(_block(each, width, painter)) + "\n\n" for each in findings)


def render_end(
    findings: Sequence[LintFinding], *, looked_at: str, failed: bool, width: int, color: bool
) -> str:
    """Return the last line: how many of which severity, in what, and the exit code."""
    word, code, ink = ("FAIL", 1, Ink.BAD) if failed else ("PASS", 0, Ink.GOOD)
    painted = Painter(color=color).paint(word, ink)
    text = f"{word}: {counted(findings)} in {looked_at} (exit code {code})"
    return (
        textwrap.fill(text, max(width, _NARROWEST), subsequent_indent="  ").replace(word, painted, 1) + "\n"
    )


def counted(findings: Sequence[LintFinding]) -> str:
    """Return ``1 error, 2 warnings``, ``nothing found`` when there is nothing."""
    counts = Counter(finding.severity for finding in findings)
    words = [
        f"{counts[severity]} {severity}{'s' if counts[severity] > 1 and severity is not Severity.INFO else ''}"
        for severity in sorted(counts, key=lambda each: -each.rank)
    ]
    return ", ".join(words) or "nothing found"


def object_text(key: ObjectKey) -> str:
    """Name an object: ``NetworkPolicy shop/web``."""
    kind, namespace, name = key
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"


def _head(finding: LintFinding, painter: Painter) -> str:
    severity = painter.paint(finding.severity.value, _INKS[finding.severity])
    return f"{finding.place}: {severity}: {object_text(finding.object)}: {painter.paint(finding.rule, Ink.STRONG)}"


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
            yield f"      {painter.paint(line, Ink.GOOD)}"


def _wrapped(text: str, width: int, first: str, rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        max(width, _NARROWEST),
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
