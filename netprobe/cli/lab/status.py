"""``netprobe lab status``."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from netprobe.cli.lab.telling import tell_swept
from netprobe.cli.output import CONTEXT
from netprobe.cli.page import page_for
from netprobe.cli.table import table_lines
from netprobe.lab.cluster.records import Record, kubeconfig_of, labs_folder
from netprobe.lab.cluster.standing import standing_labs

_HEAD = ("NAME", "STATE", "PROFILE", "NODES", "SINCE", "API")


@click.command(context_settings=CONTEXT)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json"]),
    default="table",
    metavar="FORMAT",
    help="table (default) or json.",
)
def status(*, output: str) -> int:
    """List the labs that run. Dead ones are swept and told on standard error."""
    folder = labs_folder(os.environ)
    found = standing_labs(folder)
    tell_swept(found.swept)
    page = page_for(sys.stdout, "never", os.environ)
    if output == "json":
        page.line(json.dumps({"labs": [_fields(folder, record) for record in found.labs]}, indent=2))
    elif found.labs:
        for line in table_lines(_HEAD, [_row(record) for record in found.labs], page.width):
            page.line(line)
    else:
        click.echo("netprobe: no lab runs; netprobe lab up starts one", err=True)
    return 0


def _row(record: Record) -> tuple[str, ...]:
    since = datetime.fromisoformat(record.since).astimezone().strftime("%Y-%m-%d %H:%M")
    wanted = record.wanted
    return (wanted.name, _state(record), wanted.word, str(wanted.nodes), since, record.access.server)


def _state(record: Record) -> str:
    return "running" if record.access.answers() else "silent"


def _fields(folder: Path, record: Record) -> dict[str, Any]:
    """What scripts may rely on; nothing that lets its reader into the lab."""
    wanted = record.wanted
    return {
        "name": wanted.name,
        "state": _state(record),
        "profile": wanted.profile,
        "identity": wanted.identity,
        "nodes": wanted.nodes,
        "server": record.access.server,
        "since": record.since,
        "pid": record.pid,
        "context": record.access.context,
        "kubeconfig": str(kubeconfig_of(folder, wanted.name)),
    }
