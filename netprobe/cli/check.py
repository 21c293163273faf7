"""``netprobe check``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.check import Checked, CheckRequest, plan_for
from netprobe.app.check import check as check_app
from netprobe.app.check_reports import outputs_of, write_check
from netprobe.app.metrics import Address
from netprobe.audit.board.cases import FEATURES
from netprobe.audit.nodes import MOST_NODES
from netprobe.cli.failures import explain
from netprobe.cli.making import CLUSTER_HELP, making_options, terms_for
from netprobe.cli.output import CONTEXT, color_option, given, quiet_option, verbose_option
from netprobe.cli.page import Page, page_for
from netprobe.cli.progress import watcher_for
from netprobe.cli.serving import serve_until_stopped
from netprobe.cli.signals import interruptible
from netprobe.config.load import load_config
from netprobe.report.audit.catalogue import render_features
from netprobe.report.audit.to_terminal import render, render_plan


@click.command(context_settings=CONTEXT)
@click.option(
    "--cluster",
    metavar="CLUSTER",
    help=CLUSTER_HELP,
)
@click.option(
    "--require",
    multiple=True,
    metavar="FEATURE",
    help="Let the exit code speak of this feature only; repeatable.",
)
@click.option(
    "--also",
    multiple=True,
    metavar="NS/POD",
    help="Ask this pod of yours, too: as a destination only, nothing is done to it; repeatable.",
)
@click.option("--features", is_flag=True, help="Print the features by name, as Markdown; open no cluster.")
@click.option("--plan", is_flag=True, help="Print the probes and what each tells apart; deploy nothing.")
@click.option("--tolerate", is_flag=True, help="Put pods on tainted nodes, too.")
@click.option(
    "--nodes",
    "most_nodes",
    type=click.IntRange(min=1),
    default=MOST_NODES,
    metavar="N",
    help=f"At most N nodes ({MOST_NODES}).",
)
@click.option("--allow-exposure", is_flag=True, help="Probe a port of the nodes, which then listen there.")
@click.option("--sctp", is_flag=True, help="Probe SCTP, too: the nodes' kernels must have it.")
@click.option(
    "--outside",
    metavar="ADDRESS:PORT",
    default="",
    help="A host of yours outside of the cluster that answers there: probe egress to it, too.",
)
@click.option(
    "--look-on-nodes",
    is_flag=True,
    help="Start a pod on every node for a moment, with the node's /etc/cni/net.d mounted read-only, to tell "
    "which CNI it has. It runs as root, in a namespace of its own without Pod Security.",
)
@click.option("--thorough", is_flag=True, help="Make every probe of the board, not only what is needed.")
@click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report: html=, markdown=, json=, junit= or prometheus=FILE; FILE - is standard output."
    " Repeatable. prometheus=:PORT or HOST:PORT serves metrics at the end, until it is stopped.",
)
@click.option("--settle", type=float, metavar="SECONDS", help="How long a flow may take to settle (30).")
@click.option("--image", metavar="IMAGE", help="The agnhost image to use instead of the built-in one.")
@click.option("--journal", metavar="PATH", help="The journal's file, or a folder for it (.netprobe).")
@click.option(
    "--keep", is_flag=True, help="Leave the namespaces (and the kind cluster) behind, to look into them."
)
@making_options
@color_option
@verbose_option
@quiet_option
def check(  # noqa: PLR0913 - one parameter for each option
    *,
    cluster: str | None,
    require: tuple[str, ...],
    also: tuple[str, ...],
    features: bool,
    plan: bool,
    tolerate: bool,
    most_nodes: int,
    allow_exposure: bool,
    sctp: bool,
    outside: str,
    look_on_nodes: bool,
    thorough: bool,
    output: tuple[str, ...],
    settle: float | None,
    image: str | None,
    journal: str | None,
    keep: bool,
    reuse: bool,
    images_from: str | None,
    color: str | None,
    verbose: bool,
    quiet: bool,
) -> int:
    """Find out whether a cluster enforces NetworkPolicies, where not, and what is most likely broken.

    netprobe puts pods on every node, applies policies, changes them and removes them, and compares what
    the packets do with what the policies say. Exit code 0 only for ENFORCED.
    """
    options = {"cluster": cluster, "settle": settle, "image": image, "color": color, "output": given(output)}
    with interruptible() as interruption:
        config = load_config(options, os.environ, Path.cwd())
        if features:
            page_for(sys.stdout, "never", os.environ).print(render_features(FEATURES))
            return 0
        outputs = outputs_of(config.output)
        talk = page_for(sys.stderr, config.color, os.environ)
        watcher = watcher_for(sys.stderr, talk.line, quiet=quiet)
        takes_stdout = any(each.path is None for each in outputs)
        page = talk if takes_stdout else page_for(sys.stdout, config.color, os.environ)
        request = CheckRequest(
            config=config,
            require=require,
            also=also,
            tolerate=tolerate,
            most_nodes=most_nodes,
            allow_exposure=allow_exposure,
            sctp=sctp,
            outside=outside,
            look_on_nodes=look_on_nodes,
            thorough=thorough,
            journal=journal,
            terms=terms_for(config, watcher, keep=keep, reuse=reuse, images_from=images_from),
        )
        try:
            if plan:
                found = plan_for(request, watcher)
                watcher.pause()
                page.print(render_plan(found, width=page.width, color=page.color))
                return 0
            checked = check_app(request, watcher)
        finally:
            watcher.pause()
        report = checked.report
        page.print(render(report, width=page.width, color=page.color, verbose=verbose))
        served: list[tuple[Address, str]] = []
        data = page_for(sys.stdout, "never", os.environ)
        write_check(outputs, report, data.print, lambda address, text: served.append((address, text)))
        _tell_end(checked, talk, quiet=quiet)
    if interruption.number is None:
        serve_until_stopped(served, talk.line)
    return interruption.exit_code(report.exit_code)


def _tell_end(checked: Checked, talk: Page, *, quiet: bool) -> None:
    """Say why the audit broke off, and where its journal is."""
    if checked.failure is not None:
        for line in explain(checked.failure, debug=False).lines:
            talk.line(line)
    if checked.report.journal and not quiet:
        talk.line(f"netprobe: the journal of this audit is {checked.report.journal}")
