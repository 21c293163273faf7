"""``netprobe lab down``."""

from __future__ import annotations

import os

import click

from netprobe.cli.lab.telling import tell_swept
from netprobe.cli.output import CONTEXT
from netprobe.errors import InputError
from netprobe.lab.cluster.access import DEFAULT_NAME
from netprobe.lab.cluster.records import labs_folder
from netprobe.lab.cluster.standing import end_labs


@click.command(context_settings=CONTEXT)
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--all", "everything", is_flag=True, help="End every lab that netprobe lab up has started.")
def down(*, names: tuple[str, ...], everything: bool) -> int:
    """End labs, and all that runs in them.

    NAME is lab unless given. A lab that is gone already (its process was killed, or the machine was
    restarted) is swept, which is no error.
    """
    if everything and names:
        raise InputError("labs are named beside --all", remedy="give names, or --all, not both")
    ended = end_labs(
        labs_folder(os.environ), () if everything else names or (DEFAULT_NAME,), everything=everything
    )
    tell_swept(ended.swept)
    for record in ended.labs:
        click.echo(f'netprobe: lab "{record.wanted.name}" has ended', err=True)
    if everything and not ended.labs:
        click.echo("netprobe: no lab runs", err=True)
    return 0
