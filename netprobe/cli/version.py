"""``netprobe version``."""

from __future__ import annotations

import platform
from importlib import metadata

import click

from netprobe import __version__


@click.command()
def version() -> None:
    """Say which netprobe this is, and with what it runs."""
    try:
        client = metadata.version("kubernetes")
    except metadata.PackageNotFoundError:
        client = "missing"
    click.echo(f"netprobe {__version__} (Python {platform.python_version()}, kubernetes client {client})")
