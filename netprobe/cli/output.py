"""Results of runs on standard output, and where their journals are on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path

import click

from netprobe.app.metrics import Address
from netprobe.cli.failures import explain
from netprobe.cli.page import page_for
from netprobe.config.settings import Config
from netprobe.errors import NetprobeError
from netprobe.model.run import RunResult
from netprobe.report.summary import needs_reading, render_line, render_summary
from netprobe.report.to_terminal import render, render_brief

CONTEXT = {"help_option_names": ["-h", "--help"]}

output_option = click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report: html=, markdown=, json=, junit=, sarif= or prometheus=FILE; FILE - is"
    " standard output. May be repeated. prometheus=:PORT or HOST:PORT serves metrics at the end, until it is"
    " stopped.",
)
color_option = click.option("--color", metavar="WHEN", help="auto (default), always or never.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Show every finding and its attempts.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show only headlines and the conclusion.")


class Printer:
    """Prints results as they come. When a report takes standard output, the rest goes to stderr."""

    def __init__(
        self, config: Config, *, verbose: bool, quiet: bool, before: Callable[[], None] = lambda: None
    ) -> None:
        takes_stdout = any(word.endswith("=-") for word in config.output)
        self._data = page_for(sys.stdout, config.color, os.environ)
        self._talk = page_for(sys.stderr, config.color, os.environ)
        self._results = self._talk if takes_stdout else self._data
        self._verbose = verbose
        self._quiet = quiet
        self._before = before
        self._expected = 1
        self._ruled = False
        self.served: list[tuple[Address, str]] = []

    def expect(self, count: int) -> None:
        """Of several runs those that pass are told in one line each, unless everything is to be shown."""
        self._expected = count

    def show(self, result: RunResult, journal: Path) -> None:
        """Print the report of one run, and where its journal is."""
        self._before()
        page = self._results
        if self._expected == 1 and self._quiet:
            page.print(render_brief(result, width=page.width, color=page.color))
        elif self._expected > 1 and (self._quiet or not (self._verbose or needs_reading(result))):
            page.print(render_line(result, width=page.width, color=page.color))
            self._ruled = False
        else:
            text = render(result, width=page.width, color=page.color, verbose=self._verbose)
            page.print(self._between_rules(text))
        if not self._quiet:
            self._talk.line(f"netprobe: the journal of this run is {journal}")

    def tell(self, error: NetprobeError) -> None:
        """Print why a run broke off."""
        for line in explain(error, debug=False).lines:
            self._talk.line(line)

    def conclude(self, results: Sequence[RunResult]) -> None:
        """Print what several runs come to."""
        if self._expected > 1:
            page = self._results
            page.print(render_summary(results, width=page.width, color=page.color))

    def _between_rules(self, text: str) -> str:
        """Return a whole report set apart from what stands before and after it, one rule between two."""
        if self._expected == 1:
            return text
        rule = "─" * min(self._results.width, 100) + "\n"
        above, self._ruled = "" if self._ruled else rule, True
        return f"{above}{text}{rule}"

    def serve(self, address: Address, text: str) -> None:
        """Keep metrics for the time when all else is done."""
        self.served.append((address, text))

    def print_text(self, text: str) -> None:
        """Print a report that was asked for on standard output; like a file it is UTF-8."""
        self._before()
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        self._data.print(text)


def given(words: Sequence[str]) -> list[str] | None:
    """Return a repeated option as a setting; None when it was not given."""
    return list(words) or None
