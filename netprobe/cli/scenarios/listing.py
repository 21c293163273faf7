"""``netprobe scenarios list``."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import click

from netprobe.app.library import library, number_of_flows
from netprobe.cli.output import CONTEXT
from netprobe.cli.page import page_for
from netprobe.cli.table import table_lines
from netprobe.model.scenario import Feature, Scenario


@click.command("list", context_settings=CONTEXT)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json"]),
    default="table",
    metavar="FORMAT",
    help="table (default) or json.",
)
def listing(*, output: str) -> int:
    """List the scenarios that come with netprobe."""
    page = page_for(sys.stdout, "never", os.environ)
    scenarios = library()
    if output == "json":
        page.line(json.dumps({"scenarios": [_fields(each) for each in scenarios]}, indent=2))
        return 0
    rows = [(each.name, str(len(each.steps)), _told(each)) for each in scenarios]
    for line in table_lines(("NAME", "STEPS", "TITLE [features]"), rows, page.width):
        page.line(line)
    return 0


def _told(scenario: Scenario) -> str:
    words = features_in_order(scenario)
    return f"{scenario.title}\n[{', '.join(words)}]" if words else scenario.title


def features_in_order(scenario: Scenario) -> list[str]:
    """The features of a scenario, in the order of the list of all."""
    return [word.value for word in Feature if word in scenario.features]


def _fields(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "features": features_in_order(scenario),
        "requires": sorted(scenario.requires),
        "via": list(scenario.via),
        "steps": [
            {"name": step.name, "flows": flows}
            for step, flows in zip(scenario.steps, number_of_flows(scenario), strict=True)
        ],
    }
