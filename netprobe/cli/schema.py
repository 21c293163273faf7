"""``netprobe schema``."""

from __future__ import annotations

import click

from netprobe.app.schemas import SCHEMAS, schema_text
from netprobe.cli.output import CONTEXT


@click.command(context_settings=CONTEXT)
@click.argument("report", type=click.Choice(list(SCHEMAS)))
def schema(*, report: str) -> int:
    """Print the JSON Schema of the JSON report of a command.

    REPORT is the command that writes it with -o json=FILE. For the files that you write, see
    netprobe scenarios schema.
    """
    click.echo(schema_text(report), nl=False)
    return 0
