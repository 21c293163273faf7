"""``netprobe images``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.images import list_images, render_images
from netprobe.cli.output import CONTEXT
from netprobe.cli.page import page_for
from netprobe.config.load import load_config


@click.command(context_settings=CONTEXT)
@click.argument("clusters", nargs=-1, metavar="[CLUSTER]...")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="FORMAT",
    help="text (default: one a line) or json.",
)
@click.option("--image", metavar="IMAGE", help="The agnhost image to use instead of the built-in one.")
def images(*, clusters: tuple[str, ...], style: str, image: str | None) -> int:
    """List the container images that runs need: netprobe's own, and those of kind clusters.

    CLUSTER is as for --cluster (kind:calico …). For a machine without a way to them:
    netprobe images kind:calico | xargs -n1 docker pull
    """
    config = load_config({"image": image}, os.environ, Path.cwd())
    found = list_images(clusters, config.image)
    page_for(sys.stdout, "never", os.environ).print(render_images(found.images, style))
    for remark in found.remarks:
        click.echo(f"netprobe: {remark}", err=True)
    return 0
