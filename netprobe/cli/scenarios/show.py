"""``netprobe scenarios show``."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator

import click

from netprobe.app.library import find, number_of_flows
from netprobe.cli.output import CONTEXT
from netprobe.cli.page import page_for
from netprobe.cli.scenarios.listing import features_in_order
from netprobe.model.scenario import Action, ActionKind, Scenario, Step


@click.command(context_settings=CONTEXT)
@click.argument("name", metavar="NAME")
def show(*, name: str) -> int:
    """Show what a scenario deploys, what it does in each step, and what it wants then.

    NAME is the name of a scenario that comes with netprobe, or the path of a folder.
    """
    scenario, folder = find(name)
    page = page_for(sys.stdout, "never", os.environ)
    for line in (*_head(scenario, page.width), *_steps(scenario, page.width)):
        page.line(line)
    page.line(f"files, in {folder}:")
    for file in scenario.files:
        page.line(f"  {file}")
    return 0


def _head(scenario: Scenario, width: int) -> Iterator[str]:
    yield from _wrapped(f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name, width)
    for paragraph in scenario.description.strip().split("\n\n"):
        yield from _wrapped(" ".join(paragraph.split()), width, "  ")
    facts = {
        "features": ", ".join(features_in_order(scenario)),
        "requires": ", ".join(sorted(scenario.requires)),
        "via": ", ".join(scenario.via),
        "pods": ", ".join(_pods(scenario)),
        "services": ", ".join(f"{each.namespace}/{each.name}" for each in scenario.services),
        "external": ", ".join(f"{each.name} ({each.address})" for each in scenario.externals),
    }
    yield ""
    for key, value in facts.items():
        if value:
            yield from _wrapped(value, width, f"{key:<10}", " " * 10)
    yield ""


def _pods(scenario: Scenario) -> Iterator[str]:
    for each in scenario.workloads:
        ports = "".join(f":{port.number}/{port.protocol.lower()}" for port in each.ports[:1])
        more = f" and {len(each.ports) - 1} more" if len(each.ports) > 1 else ""
        count = f" ×{each.replicas}" if each.replicas > 1 else ""
        yield f"{each.namespace}/{each.name}{ports}{more}{count}"


def _steps(scenario: Scenario, width: int) -> Iterator[str]:
    for number, (step, flows) in enumerate(
        zip(scenario.steps, number_of_flows(scenario), strict=True), start=1
    ):
        yield from _wrapped(f"{step.name} ({flows} flows)", width, f"step {number}: ", "  ")
        for action in step.actions:
            yield from _wrapped(_action(action), width, "  ", "    ")
        yield from _intent(step, width)
        yield ""


def _action(action: Action) -> str:
    target = f"{action.namespace}/{action.name}" if action.namespace else action.name
    match action.kind:
        case ActionKind.APPLY | ActionKind.REPLACE:
            policies = ", ".join(f"{each.namespace}/{each.name}" for each in action.manifests)
            return f"{action.kind.value} {policies}"
        case ActionKind.LABEL:
            labels = ", ".join(
                f"{key}-" if value is None else f"{key}={value}" for key, value in action.labels.items()
            )
            return f"label {target}: {labels}"
        case ActionKind.SCALE:
            return f"scale {target} to {action.replicas}"
        case ActionKind.DELETE | ActionKind.RESTART:
            return f"{action.kind.value} {target}"


def _intent(step: Step, width: int) -> Iterator[str]:
    yield f"  wants: default {step.intent.default.value}"
    for line in step.intent.lines:
        yield from _wrapped(line.text, width, f"    {line.expectation.value.lower():<6}", " " * 10)


def _wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """``text`` in lines of the page; a name with hyphens stays whole."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
