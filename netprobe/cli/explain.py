"""``netprobe explain``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from netprobe.app.explain import ExplainRequest, explain_flow, render
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
from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods


@click.command(context_settings=CONTEXT)
@manifests_argument
@click.option("--from", "source", required=True, metavar="NS/POD", help="A pod, workload or address.")
@click.option(
    "--to",
    "destination",
    required=True,
    metavar="NS/POD:PORT[/PROTO]",
    help="A pod, workload, service/NS/NAME or address, with its port (number or name).",
)
@click.option(
    "--expect",
    type=click.Choice(["allow", "deny", "undefined"]),
    metavar="ANSWER",
    help="Exit with 1 unless the answer is allow, deny or undefined.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="FORMAT",
    help="text (default) or json.",
)
@cluster_option
@namespace_option
@ip_blocks_option
@defect_option
@color_option
def explain(  # noqa: PLR0913 - one parameter for each option
    *,
    manifests: tuple[str, ...],
    source: str,
    destination: str,
    expect: str | None,
    style: str,
    cluster: str | None,
    namespace: str,
    ip_blocks: str,
    defect: str,
    color: str | None,
) -> int:
    """Say whether a flow is allowed, by which policies and rules, or which rule nearly admitted it.

    MANIFESTS are files or folders, - for standard input; no cluster is needed.
    """
    config = load_config({"color": color}, os.environ, Path.cwd())
    explanation = explain_flow(
        ExplainRequest(
            where=where(manifests, cluster, namespace),
            source=source,
            destination=destination,
            ip_blocks_mean_pods=IpBlocksMeanPods(ip_blocks),
            defect=defect,
        )
    )
    page = page_for(sys.stdout, config.color, os.environ)
    text = render(explanation, style, width=page.width, color=page.color)
    show(text, page, is_data=style != "text")
    tell(explanation.notes, config.color)
    answer = explanation.decision.answer
    if expect is None or Answer(expect.upper()) is answer:
        return 0
    page_for(sys.stderr, config.color, os.environ).line(
        f"netprobe: {expect} was expected, not {answer.lower()}"
    )
    return 1
