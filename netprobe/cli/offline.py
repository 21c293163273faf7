"""Options that the offline commands share: where to look, and how a network is supposed to read policies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Literal, TextIO

import click

from netprobe.app.inventories import Where
from netprobe.cli.page import Page, page_for
from netprobe.model.ip_blocks import IpBlocksMeanPods

manifests_argument = click.argument("manifests", nargs=-1, metavar="[MANIFESTS]...")
cluster_option = click.option(
    "--cluster",
    metavar="CLUSTER",
    help="Look at what a cluster holds: context, context:NAME, running-lab[:NAME].",
)
namespace_option = click.option(
    "-n",
    "--namespace",
    default="default",
    metavar="NAMESPACE",
    help="The namespace of objects and names that say none (default).",
)
ip_blocks_option = click.option(
    "--ipblock-selects-pods",
    "ip_blocks",
    type=click.Choice([each.value for each in IpBlocksMeanPods]),
    default=IpBlocksMeanPods.UNKNOWN.value,
    metavar="WORD",
    help="Whether an ipBlock means pods, too: yes, no, unknown (default).",
)
defect_option = click.option(
    "--defect",
    default="",
    metavar="NAME",
    help="Answer as a network with this defect would (docs/defects.md lists them).",
)


def show(text: str, page: Page, *, is_data: bool) -> None:
    """Print an answer; what programs read is UTF-8, as in a file."""
    if is_data and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    page.print(text)


def tell(notes: Iterable[str], color: Literal["auto", "always", "never"]) -> None:
    """Print what a reader of the answer should know; standard output is for the answer alone."""
    page = page_for(sys.stderr, color, os.environ)
    for note in notes:
        page.line(f"note: {note}")


def where(manifests: tuple[str, ...], cluster: str | None, namespace: str) -> Where:
    """Return where to look."""
    stdin: TextIO | None = sys.stdin if "-" in manifests else None
    return Where(paths=manifests, cluster=cluster, namespace=namespace, stdin=stdin)
