"""The commands of netprobe: a table of names, each loaded when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import cast

import click

from netprobe.manifests.cursor import did_you_mean

COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("netprobe.cli.run:run", "Run scenarios on a cluster and judge what the network does."),
    "judge": ("netprobe.cli.judge:judge", "Judge a recorded run again, without a cluster."),
    "version": ("netprobe.cli.version:version", "Say which netprobe this is."),
}
"""Name → dotted path and the line in ``netprobe --help``, which so needs to import no command."""


class LateGroup(click.Group):
    """A group that knows its commands by the table and imports one when it is called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, imported now; None when the table does not know it."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        return cast("click.Command", getattr(importlib.import_module(module), name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that ``args`` begin with; raises UsageError with the nearest name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = did_you_mean(args[0], COMMANDS) or f"commands are: {', '.join(COMMANDS)}"
            raise click.UsageError(f'there is no command "{args[0]}"; {near}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
