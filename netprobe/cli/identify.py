"""``netprobe identify``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.clusters import MADE
from netprobe.app.identify import describe_knowledge, identify_cluster, identify_with_nodes, render
from netprobe.audit.nodes import MOST_NODES
from netprobe.cli.making import CLUSTER_HELP, making_options, terms_for
from netprobe.cli.output import CONTEXT, color_option
from netprobe.cli.page import page_for
from netprobe.cli.progress import watcher_for
from netprobe.cli.signals import interruptible
from netprobe.config.load import load_config


@click.command(context_settings=CONTEXT)
@click.option(
    "--cluster",
    metavar="CLUSTER",
    help=CLUSTER_HELP,
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
@click.option(
    "--look-on-nodes",
    is_flag=True,
    help="Start a pod on every node for a moment, with the node's /etc/cni/net.d mounted read-only, and read "
    "it. It runs as root, in a namespace of its own without Pod Security; all of it is removed at once.",
)
@click.option(
    "--nodes",
    "most_nodes",
    type=click.IntRange(min=1),
    default=MOST_NODES,
    metavar="N",
    help=f"With --look-on-nodes: at most N nodes ({MOST_NODES}).",
)
@click.option("--image", metavar="IMAGE", help="With --look-on-nodes: the agnhost image to use.")
@click.option("--known", is_flag=True, help="Print what netprobe knows CNIs by, as Markdown, and stop.")
@click.option("--keep", is_flag=True, help="Leave the kind cluster behind.")
@making_options
@color_option
def identify(  # noqa: PLR0913 - one parameter for each option
    *,
    cluster: str | None,
    style: str,
    cni_config: Path | None,
    look_on_nodes: bool,
    most_nodes: int,
    image: str | None,
    known: bool,
    keep: bool,
    reuse: bool,
    images_from: str | None,
    color: str | None,
) -> int:
    """Say which CNI a cluster seems to have, whether it should enforce policies, and within which limits.

    It reads names of DaemonSets, images, CRDs, a few ConfigMaps and nodes; unless --look-on-nodes allows
    it, it writes nothing and starts nothing. The answer is a hint, never proof.
    """
    options = {"cluster": cluster, "color": color, "image": image}
    config = load_config(options, os.environ, Path.cwd())
    page = page_for(sys.stdout, config.color, os.environ)
    if known:
        page.print(describe_knowledge())
        return 0
    made = config.cluster.partition(":")[0] in MADE
    talk = page_for(sys.stderr, config.color, os.environ)
    # What is there already is looked at in no time; a cluster that is made takes minutes.
    watcher = watcher_for(sys.stderr, talk.line, quiet=not made)
    with interruptible() as interruption:
        try:
            terms = terms_for(config, watcher, keep=keep, reuse=reuse, images_from=images_from)
            if look_on_nodes:
                identified = identify_with_nodes(config, most_nodes, cni_config, terms)
            else:
                identified = identify_cluster(config.cluster, cni_config, terms)
        finally:
            watcher.pause()
        page.print(render(identified, style, width=page.width, color=page.color))
        return interruption.exit_code(0)
