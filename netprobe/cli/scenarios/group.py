"""``netprobe scenarios``: its commands by name."""

from __future__ import annotations

import click

from netprobe.cli.late import LateGroup, Table

COMMANDS: Table = {
    "list": ("netprobe.cli.scenarios.listing:listing", "List the scenarios that come with netprobe."),
    "show": ("netprobe.cli.scenarios.show:show", "Show what a scenario deploys, does and wants."),
    "validate": ("netprobe.cli.scenarios.validate:validate", "Check scenarios, without a cluster."),
    "schema": (
        "netprobe.cli.scenarios.schema:schema",
        "Print the JSON Schema of scenario.yaml, for editors.",
    ),
    "features": ("netprobe.cli.scenarios.features:features", "List what scenarios can be about."),
}


@click.command(cls=LateGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def scenarios() -> None:
    """List, show and validate scenarios, which netprobe run runs."""
