"""``netprobe run``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.run import RunRequest
from netprobe.app.run import run as run_app
from netprobe.cli.making import CLUSTER_HELP, making_options, terms_for
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
from netprobe.cli.progress import watcher_for
from netprobe.cli.serving import serve_until_stopped
from netprobe.cli.signals import interruptible
from netprobe.config.load import load_config


@click.command(context_settings=CONTEXT)
@click.argument("scenarios", nargs=-1, metavar="SCENARIO...")
@click.option("--all", "everything", is_flag=True, help="Run all scenarios that come with netprobe.")
@click.option(
    "--cluster",
    metavar="CLUSTER",
    help=CLUSTER_HELP,
)
@output_option
@click.option("--settle", type=float, metavar="SECONDS", help="How long a flow may take to settle (30).")
@click.option(
    "--deploy-deadline", type=float, metavar="SECONDS", help="How long pods may take to start (120)."
)
@click.option("--image", metavar="IMAGE", help="The agnhost image to use instead of the built-in one.")
@click.option("--journal", metavar="PATH", help="The journal's file, or a folder for journals (.netprobe).")
@click.option(
    "--keep",
    is_flag=True,
    help="Leave the namespaces of the run (and its kind cluster) behind, to look into them.",
)
@making_options
@click.option(
    "--jobs",
    type=int,
    metavar="N",
    help="How many scenarios to run at the same time (lab: 6, elsewhere: 1).",
)
@click.option(
    "--ipblock-selects-pods",
    metavar="WORD",
    help="Whether an ipBlock that holds a pod's address means the pod: measure (default), yes, no, unknown.",
)
@color_option
@verbose_option
@quiet_option
def run(  # noqa: PLR0913 - one parameter for each option
    *,
    scenarios: tuple[str, ...],
    everything: bool,
    cluster: str | None,
    output: tuple[str, ...],
    settle: float | None,
    deploy_deadline: float | None,
    image: str | None,
    journal: str | None,
    keep: bool,
    reuse: bool,
    images_from: str | None,
    jobs: int | None,
    ipblock_selects_pods: str | None,
    color: str | None,
    verbose: bool,
    quiet: bool,
) -> int:
    """Run scenarios on a cluster and judge what the network does.

    SCENARIO is the name of a scenario that comes with netprobe, or the path of a folder that holds
    a scenario.yaml. netprobe creates namespaces of its own, probes from the pods in them, and
    removes them again.
    """
    options = {
        "cluster": cluster,
        "settle": settle,
        "deploy-deadline": deploy_deadline,
        "image": image,
        "jobs": jobs,
        "ipblock-selects-pods": ipblock_selects_pods,
        "color": color,
        "output": given(output),
    }
    with interruptible() as interruption:
        config = load_config(options, os.environ, Path.cwd())
        talk = page_for(sys.stderr, config.color, os.environ)
        watcher = watcher_for(sys.stderr, talk.line, quiet=quiet)
        printer = Printer(config, verbose=verbose, quiet=quiet, before=watcher.pause)
        terms = terms_for(config, watcher, keep=keep, reuse=reuse, images_from=images_from)
        request = RunRequest(
            scenarios=scenarios, everything=everything, config=config, journal=journal, terms=terms
        )
        try:
            code = interruption.exit_code(run_app(request, printer, watcher))
        finally:
            watcher.pause()
    if interruption.number is None:
        serve_until_stopped(printer.served, talk.line)
    return code
