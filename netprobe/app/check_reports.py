"""The report files of an audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from netprobe.app.formats import Output, parse_outputs, write_text
from netprobe.app.late import load
from netprobe.app.metrics import Serve
from netprobe.errors import InputError
from netprobe.model.audit import AuditReport
from netprobe.model.place import Place, Problem

FORMATS: Mapping[str, str] = {
    "json": "netprobe.report.audit.to_json:render",
    "markdown": "netprobe.report.audit.to_markdown:render",
    "junit": "netprobe.report.audit.to_junit:render",
    "html": "netprobe.report.audit.to_html:render",
    "prometheus": "netprobe.report.metrics.of_audit:render",
}
"""Formats of report files by name."""

Render = Callable[[AuditReport], str]


def outputs_of(words: Sequence[str]) -> tuple[Output, ...]:
    """Return the report files that the words name. Raises InputError."""
    return parse_outputs(words, FORMATS)


def write_check(
    outputs: Sequence[Output], report: AuditReport, print_text: Callable[[str], None], serve: Serve
) -> None:
    """Write every report that was asked for, and give to ``serve`` what is to be served.

    Raises InputError when a file cannot be written.
    """
    problems: list[Problem] = []
    for output in outputs:
        text = cast("Render", load(FORMATS[output.format]))(report)
        if output.address is not None:
            serve(output.address, text)
            continue
        if output.path is None:
            print_text(text)
            continue
        try:
            write_text(output, output.path, text)
        except InputError as error:
            place = Place(file=f"-o {output.format}={output.path}")
            problems.append(Problem(place=place, message=error.message, hint=error.remedy))
    if problems:
        raise InputError("not every report could be written", problems=problems)
