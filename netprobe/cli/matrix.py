"""``netprobe matrix``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.ends import parse_port
from netprobe.app.matrix import FORMATS, MatrixRequest, Page, change_of, matrix_of, render
from netprobe.cli.offline import (
    cluster_option,
    defect_option,
    ip_blocks_option,
    manifests_argument,
    namespace_option,
    show,
    tell,
    where,
)
from netprobe.cli.output import CONTEXT, color_option
from netprobe.cli.page import page_for
from netprobe.config.load import load_config
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.matrix import MatrixChange


@click.command(context_settings=CONTEXT)
@manifests_argument
@click.option(
    "--format",
    "style",
    type=click.Choice(list(FORMATS)),
    default="table",
    metavar="FORMAT",
    help=f"{', '.join(FORMATS)} (table is the default).",
)
@click.option(
    "--diff",
    nargs=2,
    metavar="OLD NEW",
    help="Show which flows open or close from OLD to NEW, each read beside MANIFESTS.",
)
@click.option(
    "--port", "ports", multiple=True, metavar="PORT[/PROTO]", help="A further port of every pod; repeatable."
)
@cluster_option
@namespace_option
@ip_blocks_option
@defect_option
@color_option
@click.option("-v", "--verbose", is_flag=True, help="Show large tables whole, and why changes are so.")
def matrix(  # noqa: PLR0913 - one parameter for each option
    *,
    manifests: tuple[str, ...],
    style: str,
    diff: tuple[str, str] | None,
    ports: tuple[str, ...],
    cluster: str | None,
    namespace: str,
    ip_blocks: str,
    defect: str,
    color: str | None,
    verbose: bool,
) -> int:
    """Show who may reach whom, on which ports, as the policies say; equal pods share a row.

    MANIFESTS are files or folders, - for standard input; no cluster is needed. With --diff the exit
    code is 1 when a flow changes.
    """
    config = load_config({"color": color}, os.environ, Path.cwd())
    request = MatrixRequest(
        where=where(manifests, cluster, namespace),
        ports=[parse_port(port) for port in ports],
        ip_blocks_mean_pods=IpBlocksMeanPods(ip_blocks),
        defect=defect,
    )
    paper = page_for(sys.stdout, config.color, os.environ)
    page = Page(width=paper.width, color=paper.color, verbose=verbose)
    subject, notes = change_of(request, *diff) if diff else matrix_of(request)
    show(render(subject, style, page), paper, is_data=style != "table")
    tell(notes, config.color)
    return 1 if isinstance(subject, MatrixChange) and subject.changes else 0
