"""``netprobe scenarios validate``."""

from __future__ import annotations

import click

from netprobe.app.library import validate as validate_scenarios
from netprobe.cli.output import CONTEXT


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def validate(*, paths: tuple[str, ...]) -> int:
    """Check scenarios and tell every problem of all of them at once, without a cluster.

    PATH is a scenario's folder or its scenario.yaml, a folder with scenarios in it, or the name of a
    scenario that comes with netprobe.
    """
    count = validate_scenarios(paths)
    click.echo("1 scenario is valid" if count == 1 else f"{count} scenarios are valid")
    return 0
