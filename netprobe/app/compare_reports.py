"""The report files of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from netprobe.app.formats import Output, parse_outputs, write_texts
from netprobe.app.late import load
from netprobe.model.comparison import Comparison

FORMATS: Mapping[str, str] = {
    "json": "netprobe.report.comparison.to_json:render",
    "markdown": "netprobe.report.comparison.to_markdown:render",
    "csv": "netprobe.report.comparison.to_csv:render",
    "html": "netprobe.report.comparison.to_html:render",
}
"""Formats of report files by name."""

Render = Callable[[Comparison], str]


def outputs_of(words: Sequence[str]) -> tuple[Output, ...]:
    """Return the report files that the words name. Raises InputError."""
    return parse_outputs(words, FORMATS)


def write_comparison(
    outputs: Sequence[Output], comparison: Comparison, print_text: Callable[[str], None]
) -> None:
    """Write every report that was asked for. Raises InputError when a file cannot be written."""

    def text_of(name: str) -> str:
        return cast("Render", load(FORMATS[name]))(comparison)

    write_texts(outputs, text_of, print_text)
