"""``netprobe clean``."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from netprobe.app.clean import CleanRequest, Leftover, clean_cluster, leaves_nothing
from netprobe.cli.lab.telling import tell_swept
from netprobe.cli.output import CONTEXT
from netprobe.cli.signals import interruptible
from netprobe.config.load import load_config
from netprobe.errors import InputError
from netprobe.lab.cluster.records import labs_folder
from netprobe.lab.cluster.standing import standing_labs


@click.command(context_settings=CONTEXT)
@click.option("--cluster", metavar="CLUSTER", help="context, context:NAME or running-lab[:NAME].")
@click.option(
    "--run", "runs", multiple=True, metavar="ID", help="This run's, expired or not. May be repeated."
)
@click.option("--expired", is_flag=True, help="Those of every run that has expired (default).")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
def clean(*, cluster: str | None, runs: tuple[str, ...], expired: bool, dry_run: bool) -> int:
    """Remove what runs left behind on a cluster: namespaces with netprobe's labels.

    A run marks its namespaces with an expiry, some hours after its start; what has not expired may
    belong to a run that goes on, and is left alone unless you name the run. Folders of labs whose
    process is gone are removed as well.
    """
    if runs and expired:
        raise InputError("--run and --expired exclude one another", remedy="give one of them")
    tell_swept(standing_labs(labs_folder(os.environ)).swept)
    word = load_config({"cluster": cluster}, os.environ, Path.cwd()).cluster
    if leaves_nothing(word):
        click.echo(
            f"netprobe: --cluster {word} is a lab that ends with its run and leaves nothing behind", err=True
        )
        click.echo("→ name one that stays: --cluster context:NAME, or running-lab", err=True)
        return 0
    request = CleanRequest(runs=runs, dry_run=dry_run, now=datetime.now(UTC))
    with interruptible() as interruption:
        result = clean_cluster(word, request, lambda text: click.echo(f"netprobe: {text}", err=True))
    for leftover in result.removed:
        click.echo(f"{'would remove' if dry_run else 'removed'} {_line(leftover, request.now)}")
    for leftover in result.kept:
        click.echo(f"kept {_line(leftover, request.now)}")
    _conclude(len(result.removed), [each.run for each in result.kept], dry_run=dry_run)
    return interruption.exit_code(0)


def _line(leftover: Leftover, now: datetime) -> str:
    return f"namespace {leftover.namespace} of run {leftover.run}, {_age(leftover, now)}"


def _age(leftover: Leftover, now: datetime) -> str:
    if leftover.expires is None:
        return "which says no expiry"
    seconds = int((leftover.expires - now).total_seconds())
    minutes = abs(seconds) // 60
    span = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return f"expires in {span}" if seconds > 0 else f"expired {span} ago"


def _conclude(removed: int, kept: list[str], *, dry_run: bool) -> None:
    what = f"{removed} namespace{'' if removed == 1 else 's'} {'to remove' if dry_run else 'removed'}"
    click.echo(f"netprobe: {what}" if removed else "netprobe: nothing to remove", err=True)
    if kept:
        runs = " ".join(f"--run {run}" for run in dict.fromkeys(kept))
        click.echo(f"→ should a kept one be no run's any more: netprobe clean {runs}", err=True)
