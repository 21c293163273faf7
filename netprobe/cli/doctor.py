"""``netprobe doctor``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.doctor import examine, render
from netprobe.cli.output import CONTEXT, color_option, quiet_option
from netprobe.cli.page import page_for
from netprobe.cli.signals import interruptible
from netprobe.config.load import load_config
from netprobe.lab.cluster.records import labs_folder


@click.command(context_settings=CONTEXT)
@click.option(
    "--cluster",
    metavar="CLUSTER",
    help="lab (default: this machine), running-lab[:NAME], context or context:NAME of your kubeconfig.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="FORMAT",
    help="text (default) or json.",
)
@click.option("--pull", is_flag=True, help="Start one pod in a namespace of its own, and remove it.")
@click.option("--image", metavar="IMAGE", help="The agnhost image to use instead of the built-in one.")
@color_option
@quiet_option
def doctor(
    *, cluster: str | None, style: str, pull: bool, image: str | None, color: str | None, quiet: bool
) -> int:
    """Say whether netprobe would get an answer on a cluster, and if not, why and what to do.

    Nothing is written, unless --pull asks for a pod: objects are tried in dry runs. For the lab it looks
    at this machine. Exit code 3 when something would keep a run from an answer.
    """
    options = {"cluster": cluster, "image": image, "color": color}
    with interruptible() as interruption:
        config = load_config(options, os.environ, Path.cwd())
        talk = page_for(sys.stderr, config.color, os.environ)

        def tell(text: str) -> None:
            if not quiet:
                talk.line(f"netprobe: {text}")

        checkup = examine(config, labs_folder(os.environ), tell, pull=pull)
        page = page_for(sys.stdout, config.color, os.environ)
        page.print(render(checkup, style, width=page.width, color=page.color))
    return interruption.exit_code(checkup.exit_code)
