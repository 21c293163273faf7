"""``netprobe lint``."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path

import click

from netprobe.app.lint import (
    FAIL_ON,
    FORMATS,
    LintRequest,
    all_rules,
    lint_manifests,
    lint_outputs,
    render_lint,
    write_lint,
)
from netprobe.cli.offline import cluster_option, manifests_argument, namespace_option, where
from netprobe.cli.output import CONTEXT, color_option
from netprobe.cli.page import Page, page_for
from netprobe.cli.table import table_lines
from netprobe.config.load import load_config
from netprobe.report.lint.to_text import render_page


@click.command(context_settings=CONTEXT)
@manifests_argument
@click.option(
    "--format",
    "wanted",
    type=click.Choice(tuple(FORMATS)),
    default="text",
    help="How findings are printed: text (default), json, sarif or github (annotations of a workflow).",
)
@click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write the findings to a file as well, in FORMAT or that of --format. May be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="error",
    help="Exit with 1 from this severity on: error (default), warning, info; or never.",
)
@click.option("--only", multiple=True, metavar="RULE", help="Ask only this rule. May be repeated.")
@click.option("--disable", multiple=True, metavar="RULE", help="Leave this rule out. May be repeated.")
@click.option("--rules", is_flag=True, help="List all rules with their severity, and do nothing else.")
@cluster_option
@namespace_option
@color_option
@click.option("-q", "--quiet", is_flag=True, help="One line for each finding.")
def lint(  # noqa: PLR0913 - one parameter for each option
    *,
    manifests: tuple[str, ...],
    wanted: str,
    output: tuple[str, ...],
    fail_on: str,
    only: tuple[str, ...],
    disable: tuple[str, ...],
    rules: bool,
    cluster: str | None,
    namespace: str,
    color: str | None,
    quiet: bool,
) -> int:
    """Find the pitfalls in NetworkPolicies, without a cluster.

    MANIFESTS are files, folders, or - for standard input. Give the workloads, Services and namespaces
    along with the policies: what selectors and ports mean can only be seen beside them. Every finding
    comes with a fix to paste. The annotation netprobe.io/lint-ignore: RULE,RULE on an object silences
    rules for it.
    """
    config = load_config({"color": color}, os.environ, Path.cwd())
    data = page_for(sys.stdout, config.color, os.environ)
    if rules:
        return _list(data)
    outputs = lint_outputs(output, wanted)
    request = LintRequest(
        where=where(manifests, cluster, namespace), only=only, disabled=disable, fail_on=fail_on
    )
    report = lint_manifests(request)
    takes_stdout = any(each.path is None for each in outputs)
    page = page_for(sys.stderr, config.color, os.environ) if takes_stdout else data
    if wanted == "text":
        page.print(render_page(report, width=page.width, color=page.color, brief=quiet))
    elif not takes_stdout:
        _print_data(data, render_lint(report, wanted))
    write_lint(outputs, report, lambda text: _print_data(data, text))
    return report.exit_code


def _list(page: Page) -> int:
    rows = [(rule.id, rule.severity.value, rule.title) for rule in all_rules()]
    for line in table_lines(("RULE", "SEVERITY", "WHAT IT FINDS"), rows, page.width):
        page.line(line)
    return 0


def _print_data(page: Page, text: str) -> None:
    """Print what programs read; like a file it is UTF-8."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    page.print(text)
