"""``netprobe compare``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.compare import CompareRequest, FailOn, exit_code_of
from netprobe.app.compare import compare as compare_app
from netprobe.app.compare_reports import outputs_of, write_comparison
from netprobe.cli.output import CONTEXT, color_option, given, quiet_option
from netprobe.cli.page import page_for
from netprobe.cli.progress import watcher_for
from netprobe.cli.signals import interruptible
from netprobe.config.load import load_config
from netprobe.report.comparison.to_terminal import render, render_brief


@click.command(context_settings=CONTEXT)
@click.argument("words", nargs=-1, metavar="[SCENARIO|FILE]...")
@click.option(
    "--cluster",
    "clusters",
    multiple=True,
    metavar="CLUSTER",
    help="A cluster: lab, lab:PROFILE, running-lab[:NAME], kind[:CNI], context[:NAME]. Repeatable.",
)
@click.option("--all", "everything", is_flag=True, help="Run all scenarios that come with netprobe, too.")
@click.option(
    "--check/--no-check", default=True, help="Audit every cluster (default), or only run scenarios."
)
@click.option(
    "--at-once",
    type=click.IntRange(min=1),
    metavar="N",
    help="Measure N labs at the same time (as many as there are cores, at least 2).",
)
@click.option(
    "--fail-on",
    type=click.Choice([each.value for each in FailOn]),
    help="End with exit code 1 when clusters differ, or when something fails on one.",
)
@click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report: html, markdown, json or csv; FILE - is standard output. Repeatable.",
)
@click.option("--settle", type=float, metavar="SECONDS", help="How long a flow may take to settle (30).")
@click.option("--image", metavar="IMAGE", help="The agnhost image to use instead of the built-in one.")
@color_option
@click.option("-v", "--verbose", is_flag=True, help="Show every row, and a sentence for each that differs.")
@quiet_option
def compare(  # noqa: PLR0913 - one parameter for each option
    *,
    words: tuple[str, ...],
    clusters: tuple[str, ...],
    everything: bool,
    check: bool,
    at_once: int | None,
    fail_on: str | None,
    output: tuple[str, ...],
    settle: float | None,
    image: str | None,
    color: str | None,
    verbose: bool,
    quiet: bool,
) -> int:
    """Compare what several clusters make of the same policies: features down, clusters across.

    Every --cluster is measured by the same suite: the audit of `netprobe check` and, if scenarios are
    named, these, too. Labs are measured side by side, other clusters one after the other. A cluster that
    gives no answer is a column with the reason.

    A FILE is a saved run: what `netprobe check` or `netprobe run` wrote with -o json=FILE, or the journal
    of a run; its name ends in .json or .jsonl. LABEL=FILE names its column. Without --cluster every word
    is a file.

    Exit code 0 when all was measured, whatever came out, 3 when something gave no answer.
    """
    options = {"settle": settle, "image": image, "color": color, "output": given(output)}
    with interruptible() as interruption:
        config = load_config(options, os.environ, Path.cwd())
        outputs = outputs_of(config.output)
        talk = page_for(sys.stderr, config.color, os.environ)
        watcher = watcher_for(sys.stderr, talk.line, quiet=quiet)
        takes_stdout = any(each.path is None for each in outputs)
        page = talk if takes_stdout else page_for(sys.stdout, config.color, os.environ)
        failing = None if fail_on is None else FailOn(fail_on)
        request = CompareRequest(
            config=config,
            clusters=clusters,
            words=words,
            everything=everything,
            check=check,
            at_once=at_once,
            fail_on=failing,
        )
        try:
            comparison = compare_app(request, watcher)
        finally:
            watcher.pause()
        if quiet:
            page.print(render_brief(comparison, width=page.width, color=page.color))
        else:
            page.print(render(comparison, width=page.width, color=page.color, verbose=verbose))
        write_comparison(outputs, comparison, page_for(sys.stdout, "never", os.environ).print)
        return interruption.exit_code(exit_code_of(comparison, failing))
