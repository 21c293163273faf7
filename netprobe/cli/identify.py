"""``netprobe identify``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.identify import describe_knowledge, identify_cluster, render
from netprobe.cli.output import CONTEXT, color_option
from netprobe.cli.page import page_for
from netprobe.config.load import load_config


@click.command(context_settings=CONTEXT)
@click.option(
    "--cluster",
    metavar="CLUSTER",
    help="lab (default), lab:PROFILE, running-lab[:NAME], context or context:NAME of your kubeconfig.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="FORMAT",
    help="text (default) or json.",
)
@click.option(
    "--cni-config",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A copy of a node's /etc/cni/net.d, to look at, too. netprobe does not fetch it.",
)
@click.option("--known", is_flag=True, help="Print what netprobe knows CNIs by, as Markdown, and stop.")
@color_option
def identify(
    *, cluster: str | None, style: str, cni_config: Path | None, known: bool, color: str | None
) -> int:
    """Say which CNI a cluster seems to have, whether it should enforce policies, and within which limits.

    It reads names of DaemonSets, images, CRDs, a few ConfigMaps and nodes; it writes nothing and starts
    nothing. The answer is a hint, never proof.
    """
    config = load_config({"cluster": cluster, "color": color}, os.environ, Path.cwd())
    page = page_for(sys.stdout, config.color, os.environ)
    if known:
        page.print(describe_knowledge())
        return 0
    identified = identify_cluster(config.cluster, cni_config)
    page.print(render(identified, style, width=page.width, color=page.color))
    return 0
