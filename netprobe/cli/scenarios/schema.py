"""``netprobe scenarios schema``."""

from __future__ import annotations

import json

import click

from netprobe.cli.output import CONTEXT
from netprobe.scenario.schema import json_schema


@click.command(context_settings=CONTEXT)
def schema() -> int:
    """Print the JSON Schema of scenario.yaml.

    Editors complete and check with it: write it to a file, and name the file in the first line of a
    scenario.yaml: # yaml-language-server: $schema=FILE
    """
    click.echo(json.dumps(json_schema(), indent=2))
    return 0
