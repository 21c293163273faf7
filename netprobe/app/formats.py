"""Report files: the words of ``-o FORMAT=FILE``, checked before a run and written after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from netprobe.app import metrics
from netprobe.app.late import load
from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.place import Place, Problem
from netprobe.model.run import RunResult
from netprobe.report.write import check_writable, write_report

FORMATS: Mapping[str, str] = {
    "json": "netprobe.report.to_json:render",
    "junit": "netprobe.report.to_junit:render",
    "html": "netprobe.report.to_html:render",
    "markdown": "netprobe.report.to_markdown:render",
    "sarif": "netprobe.report.to_sarif:render",
    "prometheus": "netprobe.report.metrics.of_runs:render",
}
"""Formats of report files by name; each renders all runs of a command into one text."""

Render = Callable[[Sequence[RunResult]], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """A report to be written: its format, and its file (None: standard output).

    With an ``address`` it is served there instead.
    """

    format: str
    path: Path | None
    address: metrics.Address | None = None


def parse_outputs(
    words: Sequence[str], formats: Mapping[str, str] = FORMATS, *, serves: bool = True
) -> tuple[Output, ...]:
    """Return the outputs that ``FORMAT=FILE`` words name, ``-`` being standard output.

    ``formats`` has the formats by name; ``serves`` says whether an address may stand for a file.

    Raises InputError with every problem: no format, an unknown one, a place that cannot be
    written, one that is named twice.
    """
    problems: list[Problem] = []
    outputs: list[Output] = []
    for word in words:
        output = _parse(word, formats, problems)
        if output is None:
            continue
        if output.address is not None and not serves:
            problems.append(_problem(word, "metrics are not served from here", "name a file"))
        if any(_same_place(output, other) for other in outputs):
            problems.append(_problem(word, "another report goes to the same place"))
        outputs.append(output)
    if problems:
        raise InputError("the outputs are wrong", problems=problems)
    return tuple(outputs)


def write_outputs(
    outputs: Sequence[Output],
    results: Sequence[RunResult],
    print_text: Callable[[str], None],
    serve: metrics.Serve | None = None,
) -> None:
    """Write every report of ``results``; one that fails does not keep the others from being written.

    ``serve`` takes what is to be served; without it nothing is. Raises InputError when a file cannot be
    written.
    """

    def text_of(name: str) -> str:
        return cast("Render", load(FORMATS[name]))(results)

    write_texts(outputs, text_of, print_text, serve)


def write_texts(
    outputs: Sequence[Output],
    text_of: Callable[[str], str],
    print_text: Callable[[str], None],
    serve: metrics.Serve | None = None,
) -> None:
    """Write what ``text_of`` makes of each output's format; see ``write_outputs``.

    One that fails does not keep the others from being written. Raises InputError when a file cannot be
    written.
    """
    problems: list[Problem] = []
    for output in outputs:
        text = text_of(output.format)
        if output.address is not None:
            if serve is not None:
                serve(output.address, text)
            continue
        if output.path is None:
            print_text(text)
            continue
        try:
            write_text(output, output.path, text)
        except InputError as error:
            problems.append(_problem(f"{output.format}={output.path}", error.message, error.remedy))
    if problems:
        raise InputError("not every report could be written", problems=problems)


def write_text(output: Output, path: Path, text: str) -> None:
    """Write a report to its file. Raises InputError."""
    write_report(path, metrics.with_earlier(text, path) if output.format == metrics.FORMAT else text)


def _parse(word: str, formats: Mapping[str, str], problems: list[Problem]) -> Output | None:
    name, equals, file = word.partition("=")
    if not equals or not file:
        known = f"give FORMAT=FILE; formats are: {', '.join(formats)}"
        problems.append(_problem(word, "this names no file" if equals else "this names no format", known))
        return None
    if name not in formats:
        near = did_you_mean(name, formats)
        problems.append(
            _problem(word, f'there is no format "{name}"', near or f"formats are: {', '.join(formats)}")
        )
        return None
    if file == "-":
        return Output(format=name, path=None)
    path = Path(file).expanduser()
    try:
        if name == metrics.FORMAT and (address := metrics.address_in(file)) is not None:
            return Output(format=name, path=None, address=address)
        check_writable(path)
    except InputError as error:
        problems.append(_problem(word, error.message, error.remedy))
        return None
    return Output(format=name, path=path)


def _same_place(one: Output, other: Output) -> bool:
    if one.address is not None or other.address is not None:
        return one.address == other.address
    if one.path is None or other.path is None:
        return one.path is other.path
    return one.path.resolve() == other.path.resolve()


def _problem(word: str, message: str, hint: str = "") -> Problem:
    return Problem(place=Place(file=f"-o {word}"), message=message, hint=hint)
