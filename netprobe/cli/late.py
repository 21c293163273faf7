"""Groups of commands that know their names from a table and import a command when it is called for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, cast

import click

from netprobe.manifests.cursor import did_you_mean

Table = Mapping[str, tuple[str, str]]
"""Name → dotted path and the line in the group's help, which so needs to import no command."""


class LateGroup(click.Group):
    """A group over ``table``."""

    def __init__(self, *arguments: Any, table: Table, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, imported now; None when the table does not know it."""
        del ctx
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name][0].partition(":")
        return cast("click.Command", getattr(importlib.import_module(module), name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that ``args`` begin with; raises UsageError with the nearest name."""
        if args and args[0] not in self.table and not args[0].startswith("-"):
            near = did_you_mean(args[0], self.table) or f"commands are: {', '.join(self.table)}"
            raise click.UsageError(f'there is no command "{args[0]}"; {near}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.table.items()])
