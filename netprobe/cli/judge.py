"""``netprobe judge``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.judge import judge_journals
from netprobe.cli.output import (
    CONTEXT,
    Printer,
    color_option,
    given,
    output_option,
    quiet_option,
    verbose_option,
)
from netprobe.cli.page import page_for
from netprobe.cli.serving import serve_until_stopped
from netprobe.config.load import load_config


@click.command(context_settings=CONTEXT)
@click.argument("journals", nargs=-1, required=True, metavar="JOURNAL...")
@output_option
@color_option
@verbose_option
@quiet_option
def judge(
    *, journals: tuple[str, ...], output: tuple[str, ...], color: str | None, verbose: bool, quiet: bool
) -> int:
    """Judge recorded runs again, without a cluster.

    JOURNAL is the file that a run left; the reports come out as they did then.
    """
    config = load_config({"color": color, "output": given(output)}, os.environ, Path.cwd())
    printer = Printer(config, verbose=verbose, quiet=quiet)
    code = judge_journals(journals, config, printer)
    serve_until_stopped(printer.served, page_for(sys.stderr, config.color, os.environ).line)
    return code
