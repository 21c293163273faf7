"""``netprobe lint``: manifests in, findings out, in the formats that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from netprobe import __version__
from netprobe.app.formats import Output, parse_outputs
from netprobe.app.inventories import Where, find_inventory
from netprobe.app.late import load
from netprobe.errors import InputError
from netprobe.lint.lint import LintOptions, lint
from netprobe.lint.registry import RULES
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.inventory import Inventory
from netprobe.model.lint import LintReport, LintRule, Severity
from netprobe.model.place import Place, Problem
from netprobe.report.write import write_report

FORMATS: Mapping[str, str] = {
    "text": "netprobe.report.lint.to_text:render",
    "json": "netprobe.report.lint.to_json:render",
    "sarif": "netprobe.report.lint.to_sarif:render",
    "github": "netprobe.report.lint.to_github:render",
}
"""Formats by name; each renders one report into one text."""

NEVER = "never"
FAIL_ON: tuple[str, ...] = (*(each.value for each in reversed(Severity)), NEVER)
"""The words of ``--fail-on``, strictest last but ``never``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LintRequest:
    """What to lint and how: words as the user gave them."""

    where: Where
    only: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    fail_on: str = Severity.ERROR.value


def lint_manifests(request: LintRequest) -> LintReport:
    """Return the report. Raises InputError for a rule that there is not, and like ``find_inventory``."""
    options = LintOptions(only=_known("--only", request.only), disabled=_known("--disable", request.disabled))
    inventory = find_inventory(request.where).inventory
    return report_of(inventory, options, fail_on=request.fail_on)


def report_of(inventory: Inventory, options: LintOptions, *, fail_on: str) -> LintReport:
    """Return the report about an inventory."""
    findings = lint(inventory, options)
    worst = max((finding.severity.rank for finding in findings), default=-1)
    return LintReport(
        findings=findings,
        rules=tuple(rule for rule in RULES if options.wants(rule.id)),
        failed=fail_on != NEVER and worst >= Severity(fail_on).rank,
        policies=len(inventory.policies) + len(inventory.admin_policies),
        pods=len(inventory.topology.pods),
        namespaces=len(inventory.topology.namespaces),
        netprobe_version=__version__,
    )


def all_rules() -> tuple[LintRule, ...]:
    """Return all rules."""
    return RULES


def lint_outputs(words: Sequence[str], default_format: str) -> tuple[Output, ...]:
    """Return the outputs of ``FORMAT=FILE`` or ``FILE`` words. Raises InputError like ``parse_outputs``."""
    full = [word if "=" in word else f"{default_format}={word}" for word in words]
    return parse_outputs(full, FORMATS)


def render_lint(report: LintReport, name: str) -> str:
    """Return the report in a format of FORMATS."""
    render = cast("Callable[[LintReport], str]", load(FORMATS[name]))
    return render(report)


def write_lint(outputs: Sequence[Output], report: LintReport, print_text: Callable[[str], None]) -> None:
    """Write the report to every output. Raises InputError for a file that cannot be written."""
    for output in outputs:
        text = render_lint(report, output.format)
        if output.path is None:
            print_text(text)
        else:
            write_report(output.path, text)


def _known(option: str, words: Sequence[str]) -> frozenset[str]:
    """The rules that the words name, several in one with commas between. Raises InputError."""
    names = [name.strip() for word in words for name in word.split(",") if name.strip()]
    ids = [rule.id for rule in RULES]
    problems = [
        Problem(
            place=Place(file=f"{option} {name}"),
            message="there is no such rule",
            hint=did_you_mean(name, ids) or "netprobe lint --rules lists them",
        )
        for name in names
        if name not in ids
    ]
    if problems:
        raise InputError("rules are named that there are not", problems=problems)
    return frozenset(names)
