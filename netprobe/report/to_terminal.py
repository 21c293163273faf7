"""A run on a terminal: what is wrong first, then what was measured, the truth tables, and the end."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netprobe.model.finding import Finding, Verdict
from netprobe.model.protocol import Via
from netprobe.model.run import RunResult, SentinelReading, StepResult
from netprobe.report.cells import Cell, legend_of
from netprobe.report.conclusion import Conclusion, conclude, count_kinds, count_verdicts, flows
from netprobe.report.grid import cut, grid_lines
from netprobe.report.grouping import Group, denied_on_purpose, group_findings, without_names
from netprobe.report.ink import Ink, Painter
from netprobe.report.naming import Names, how_words, names_of
from netprobe.report.run_sheet import sheet_of
from netprobe.report.truth_table import TruthTable, tables_of

_INKS = {
    Verdict.PASS: Ink.GOOD,
    Verdict.SKIP: Ink.DOUBT,
    Verdict.UNDEFINED: Ink.DOUBT,
    Verdict.INCONCLUSIVE: Ink.DOUBT,
    Verdict.FAIL: Ink.BAD,
}
_ADDRESSED = {
    Via.IP: "by pod IP",
    Via.SECOND_IP: "by second pod IP",
    Via.SERVICE: "by Service address",
    Via.NAME: "by Service name",
    Via.NODE_PORT: "by port of a node",
}
_MOST_CELLS = 2500
"""Tables above this size show only what is remarkable, unless everything is asked for."""
_MOST_ALIKE = 4
_MOST_CAUSES = 6
_MOST_ON_PURPOSE = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """Where to write: how wide, in which inks, how much."""

    width: int
    painter: Painter
    verbose: bool

    def paint(self, text: str, ink: Ink | None) -> str:
        """Return ``text`` in ``ink``."""
        return self.painter.paint(text, ink)

    def wrap(self, text: str, *, indent: str, first: str | None = None) -> Iterator[str]:
        """Yield ``text`` as lines of the page's width; ``first`` replaces the indent of line one."""
        yield from textwrap.wrap(
            text,
            width=max(self.width, 40),
            initial_indent=indent if first is None else first,
            subsequent_indent=indent,
            break_on_hyphens=False,
        )


def render(result: RunResult, *, width: int, color: bool, verbose: bool = False) -> str:
    """Return the report of ``result`` for a terminal of ``width`` columns, ending in a newline.

    Without ``verbose``, equal findings are folded and very large tables show only the rows and
    columns in which something is remarkable.
    """
    page = _Page(width=width, painter=Painter(color=color), verbose=verbose)
    blocks: list[list[str]] = [
        list(_headlines(result, page)),
        list(_head(result, page)),
        list(_legend(result, page)),
    ]
    for number, step in enumerate(result.steps, start=1):
        blocks.extend(_step(result, step, number, page))
    blocks.append(list(_notes(result, page)))
    blocks.append(list(_end(result, page)))
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block) + "\n"


def render_brief(result: RunResult, *, width: int, color: bool) -> str:
    """Return only the headlines and the end of the report: for ``--quiet``."""
    page = _Page(width=width, painter=Painter(color=color), verbose=False)
    return "\n".join([*_headlines(result, page), *_end(result, page)]) + "\n"


def _headlines(result: RunResult, page: _Page) -> Iterator[str]:
    for headline in result.headlines:
        for line in page.wrap(headline, indent="  ", first=""):
            yield page.paint(line, Ink.BAD)


def _head(result: RunResult, page: _Page) -> Iterator[str]:
    title = f": {result.title}" if result.title else ""
    lines = list(page.wrap(f"{result.scenario}{title}", indent="  ", first=""))
    yield from (page.paint(line, Ink.STRONG) for line in lines)
    cluster = result.cluster
    facts = [f"{name}: {value}" for name, value in sorted(cluster.facts.items())]
    version = [f"Kubernetes {cluster.version}"] if cluster.version else []
    asked = "" if cluster.title.startswith(cluster.name) else f" (--cluster {cluster.name})"
    rows = (
        ("cluster", ", ".join([f"{cluster.title}{asked}", *version, *facts])),
        ("measured", _measured(result)),
        ("run", f"{result.run_id}, {result.started}, netprobe {result.netprobe_version}"),
    )
    for name, text in rows:
        yield from page.wrap(text, indent=" " * 12, first=f"  {name:<10}")


def _measured(result: RunResult) -> str:
    sources = {f.flow.source for f in result.findings}
    attempts = sum(len(f.observation.attempts) for f in result.findings if f.observation is not None)
    steps = f"{len(result.steps)} step{'' if len(result.steps) == 1 else 's'}"
    probes = f"{attempts} attempt{'' if attempts == 1 else 's'}"
    pods = f"{len(sources)} pod{'' if len(sources) == 1 else 's'}"
    return f"{steps}, {flows(len(result.findings))}, {probes} from inside {pods}, {result.seconds:.1f} s"


def _legend(result: RunResult, page: _Page) -> Iterator[str]:
    cells = legend_of(cell for step in result.steps for cell in _shown_cells(step))
    entries = [(cell.symbol, cell.words, cell.ink) for cell in cells]
    widest = max((len(symbol) for symbol, _, _ in entries), default=0)
    for symbol, words, ink in entries:
        yield f"  {page.paint(symbol, ink)}{' ' * (widest - len(symbol))}  {words}"


def _shown_cells(step: StepResult) -> Iterator[Cell]:
    for table in tables_of(step.findings):
        yield from table.cells.values()
        if table.flow_count < len(table.sources) * len(table.columns):
            yield Cell.NO_FLOW


def _step(result: RunResult, step: StepResult, number: int, page: _Page) -> Iterator[list[str]]:
    names = names_of(step.findings)
    yield list(_step_head(result, step, number, page))
    yield from _tables(step, names, page)
    yield from _groups(group_findings(step.findings, names), names, page)
    yield list(_on_purpose(step, names, page))
    yield list(_without_names(step, names, page))


def _step_head(result: RunResult, step: StepResult, number: int, page: _Page) -> Iterator[str]:
    title = f"Step {number} of {len(result.steps)}: {step.name}"
    counts = _count_words(step.findings)
    cut_short = "" if step.complete else ", not finished"
    text = f"{', '.join(counts) or 'nothing measured'} in {step.seconds:.1f} s{cut_short}"
    if len(title) + 2 + len(text) <= page.width:
        yield page.paint(title, Ink.STRONG) + "  " + _inked(text, counts, page)
    else:
        yield from (page.paint(line, Ink.STRONG) for line in page.wrap(title, indent="  ", first=""))
        yield from (_inked(line, counts, page) for line in page.wrap(text, indent="  "))
    if step.sentinels:
        yield from page.wrap("; ".join(_effects(step.sentinels)), indent="  ")


def _count_words(findings: Sequence[Finding]) -> dict[str, Ink]:
    """Return ``9 FAIL``, ``11 PASS`` …, worst first, with the ink of each."""
    counts = count_verdicts(findings)
    return {f"{count} {verdict.value}": _INKS[verdict] for verdict, count in reversed(counts.items())}


def _inked(line: str, words: Mapping[str, Ink], page: _Page) -> str:
    for word, ink in words.items():
        line = line.replace(word, page.paint(word, ink), 1)
    return line


def _effects(readings: Sequence[SentinelReading]) -> Iterator[str]:
    """Yield when changes of policy took effect, nodes with the same words together."""
    nodes: dict[str, list[str]] = {}
    for reading in readings:
        nodes.setdefault(_effect(reading), []).append(reading.node)
    for words, names in nodes.items():
        yield f"{', '.join(names)}: {words}"


def _effect(reading: SentinelReading) -> str:
    if reading.flipped is None:
        return "when policies take effect was not measured"
    if not reading.flipped:
        return f"a change of policy had no effect within {reading.seconds:.1f} s"
    return f"a change of policy took effect in {reading.seconds:.2f} s"


def _tables(step: StepResult, names: Names, page: _Page) -> Iterator[list[str]]:
    shown: list[TruthTable] = []
    for table in tables_of(step.findings):
        alike = next((t for t in shown if table.repeats(t)), None)
        if alike is not None and not page.verbose:
            yield [f"  {_ADDRESSED[table.via]}: the {flows(table.flow_count)} come out the same"]
            continue
        shown.append(table)
        yield from _table(table, names, page)


def _table(table: TruthTable, names: Names, page: _Page) -> Iterator[list[str]]:
    size = f"{len(table.sources)} × {len(table.columns)}"
    caption = f"  {_ADDRESSED[table.via]}"
    if len(table.sources) * len(table.columns) > _MOST_CELLS and not page.verbose:
        rest = table.remarkable()
        if not rest.flow_count:
            yield [f"{caption}: all {flows(table.flow_count)} ({size}) are as expected (-v shows the table)"]
            return
        table, caption = rest, f"{caption}, of {size} only rows and columns with surprises (-v shows all)"
    grids = list(cut(sheet_of(table, names), page.width - 2, page.painter))
    for number, grid in enumerate(grids, start=1):
        part = f" (part {number} of {len(grids)})" if len(grids) > 1 else ""
        yield [f"{caption}{part}", "", *(f"  {line}" for line in grid_lines(grid, page.painter))]


def _groups(groups: Sequence[Group], names: Names, page: _Page) -> Iterator[list[str]]:
    """Yield what is not PASS: of each label the first causes, each with its example."""
    for label, same in itertools.groupby(groups, key=lambda group: group.label):
        causes = list(same)
        shown = causes if page.verbose or len(causes) <= _MOST_CAUSES else causes[: _MOST_CAUSES - 1]
        for group in shown:
            yield list(_group(group, names, page))
        left = causes[len(shown) :]
        if left:
            count = sum(1 + len(group.others) for group in left)
            words = f"{count} more, of {len(left)} other causes (-v shows all)"
            yield [f"  {page.paint(label, _INKS[left[0].verdict])}  {words}"]


def _group(group: Group, names: Names, page: _Page) -> Iterator[str]:
    ink = _INKS[group.verdict]
    yield from _explained(group.example, group.label, ink, page)
    if page.verbose:
        for finding in group.others:
            yield from _explained(finding, group.label, ink, page)
        return
    named = group.others if len(group.others) <= _MOST_ALIKE else group.others[: _MOST_ALIKE - 1]
    for finding in named:
        yield from page.wrap(f"likewise {names.flow(finding.flow)}", indent="      ", first="    ")
    if len(group.others) > len(named):
        yield f"    and {len(group.others) - len(named)} more like it (-v shows all)"


def _explained(finding: Finding, label: str, ink: Ink, page: _Page) -> Iterator[str]:
    lines = list(page.wrap(f"{label}  {finding.explanation}", indent="    ", first="  "))
    yield lines[0].replace(label, page.paint(label, ink), 1)
    yield from lines[1:]
    if page.verbose:
        yield from _evidence(finding, page)


def _evidence(finding: Finding, page: _Page) -> Iterator[str]:
    """Yield the attempts behind a finding, the intent's line and the finding's id."""
    attempts = finding.observation.attempts if finding.observation is not None else ()
    for attempt in attempts:
        words = [attempt.outcome.value, f"in {attempt.seconds:.2f} s", attempt.phase.value]
        words += [f"answered by {attempt.peer}"] if attempt.peer else []
        words += [f"control failed: {attempt.broken_control}"] if attempt.broken_control else []
        words += [attempt.detail] if attempt.detail else []
        yield from page.wrap(f"round {attempt.round}: {', '.join(words)}", indent="        ", first="      ")
    if finding.intent is not None:
        place = f" ({finding.intent.place})" if finding.intent.place is not None else ""
        yield from page.wrap(f"intent: {finding.intent.text}{place}", indent="        ", first="      ")
    yield from (
        page.paint(line, Ink.FAINT) for line in page.wrap(finding.id, indent="        ", first="      ")
    )


def _on_purpose(step: StepResult, names: Names, page: _Page) -> Iterator[str]:
    edges: dict[tuple[str, str], list[str]] = {}
    for finding in denied_on_purpose(step.findings):
        reason = finding.network.reason or finding.explanation
        how = how_words(finding.flow) or "by pod IP"
        edges.setdefault((names.edge(finding.flow), reason), []).append(how)
    if edges:
        yield "  Blocked as intended:"
    shown = len(edges) if page.verbose or len(edges) <= _MOST_ON_PURPOSE else _MOST_ON_PURPOSE - 1
    for (edge, reason), ways in itertools.islice(edges.items(), shown):
        how = "" if ways == ["by pod IP"] else f", {' and '.join(ways)}"
        yield from page.wrap(f"{edge}{how}: {reason}", indent="      ", first="    ")
    if len(edges) > shown:
        yield f"    and {len(edges) - shown} more (-v shows all)"


def _without_names(step: StepResult, names: Names, page: _Page) -> Iterator[str]:
    pods = without_names(step.findings)
    if pods:
        yield "  Resolve no names, because the policies deny them DNS:"
    for pod, policies in pods.items():
        says = "says" if len(policies) == 1 else "say"
        why = f": so {', '.join(policies)} {says}" if policies else ""
        yield from page.wrap(f"{names.end(pod)}{why}", indent="      ", first="    ")


def _notes(result: RunResult, page: _Page) -> Iterator[str]:
    for note in result.notes:
        yield from page.wrap(note, indent="        ", first="  note  ")
    if page.verbose:
        for name, value in sorted(result.figures.items()):
            yield f"  {name.replace('_', ' '):<28} {value:g}"


def _end(result: RunResult, page: _Page) -> Iterator[str]:
    findings = result.findings
    words = _count_words(findings)
    kinds = ", ".join(f"{count} {kind.value}" for kind, count in count_kinds(findings).items())
    if words:
        counts = ", ".join(words)
        counts = counts.replace(" FAIL", f" FAIL ({kinds})", 1) if kinds else counts
        text = f"{flows(len(findings))}: {counts} in {result.seconds:.1f} s"
        yield from (_inked(line, words, page) for line in page.wrap(text, indent="  ", first=""))
    yield from _last_line(conclude(result), page)


def _last_line(end: Conclusion, page: _Page) -> Iterator[str]:
    inks = {"PASS": Ink.GOOD, "FAIL": Ink.BAD, "INTERRUPTED": Ink.BAD}
    code = "" if end.word == "INTERRUPTED" else f" (exit code {end.exit_code})"
    lines = list(page.wrap(f"{end.word}: {end.sentence}{code}", indent="  ", first=""))
    yield lines[0].replace(end.word, page.paint(end.word, inks.get(end.word, Ink.DOUBT)), 1)
    yield from lines[1:]
