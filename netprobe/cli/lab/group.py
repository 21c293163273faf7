"""``netprobe lab``: its commands by name."""

from __future__ import annotations

import click

from netprobe.cli.late import LateGroup, Table

COMMANDS: Table = {
    "up": ("netprobe.cli.lab.up:up", "Start a lab, or find it running, and say how to reach it."),
    "down": ("netprobe.cli.lab.down:down", "End labs."),
    "status": ("netprobe.cli.lab.status:status", "List the labs that run."),
    "profiles": ("netprobe.cli.lab.profiles:profiles", "List what a lab's network can be like."),
}


@click.command(cls=LateGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def lab() -> None:
    """Keep an embedded cluster running, to play with kubectl and to run scenarios on."""
