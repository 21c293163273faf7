"""Options for clusters that netprobe makes (kind): they become the terms on which one is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from netprobe.cli.progress import LiveWatcher
from netprobe.cluster.port import Terms
from netprobe.config.settings import Config

CLUSTER_HELP = (
    "lab (default), lab:PROFILE, running-lab[:NAME], kind[:CNI[@VERSION]], "
    "context or context:NAME of your kubeconfig."
)
"""What --cluster takes, for the commands that can make one."""


def making_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --reuse and --images-from."""
    for option in (
        click.option(
            "--images-from",
            metavar="FILE",
            help="Load images into the nodes of a kind cluster: a docker save archive, or a list of images.",
        ),
        click.option(
            "--reuse",
            is_flag=True,
            help="Use the kind cluster that an earlier run left; leave the one that is made for the next.",
        ),
    ):
        command = option(command)
    return command


def terms_for(
    config: Config, watcher: LiveWatcher, *, keep: bool, reuse: bool, images_from: str | None
) -> Terms:
    """The terms of these options; stages and warnings go to the watcher."""
    return Terms(
        keep=keep,
        reuse=reuse,
        images=images_from or "",
        image=config.image,
        tell=watcher.stage,
        warn=watcher.warning,
    )
