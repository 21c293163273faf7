"""Runs as Markdown, for pull requests and job summaries: what is wrong first, the rest folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netprobe.model.run import RunResult, StepResult
from netprobe.report.conclusion import conclude, count_kinds, count_verdicts, flows
from netprobe.report.edges import State, graph_of, node_of, without_denied
from netprobe.report.grouping import Group, denied_on_purpose, group_findings
from netprobe.report.markdown import code, folded, plain, table
from netprobe.report.mermaid import mermaid_legend, mermaid_lines
from netprobe.report.naming import Names, names_of
from netprobe.report.responsible import place_text, reference_text, responsible_for
from netprobe.report.summary import needs_reading

MOST_CHARACTERS = 65_000
"""What GitHub takes as a comment is 65,536 characters; a job summary may be larger, one step 1 MiB."""

_MERMAID_TEXT = 48_000
"""Mermaid refuses texts above 50,000 characters."""

_MOST_EDGES = 40
"""Graphs with more edges are folded."""

_MOST_DENIED = 8
"""Where more edges are blocked as they should be, only those are drawn that a ``deny:`` line names."""

_MARKS = {
    "PASS": "✅",
    "FAIL": "❌",
    "INTERRUPTED": "❌",
    "INCONCLUSIVE": "❔",
    "UNDEFINED": "➖",
    "SKIP": "⏭️",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """A step with what takes time to find out: the causes in it, and its graph as lines (none: no graph)."""

    step: StepResult
    names: Names
    groups: tuple[Group, ...]
    graph: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Detail:
    """How much is told: causes of a run, flows named for each, graphs; ``left_out`` says what is not."""

    causes: int
    alike: int
    graphs: bool
    left_out: str = ""


_DETAILS = (
    _Detail(causes=1000, alike=200, graphs=True),
    _Detail(causes=100, alike=20, graphs=True, left_out="most of the flows that are alike"),
    _Detail(causes=40, alike=5, graphs=False, left_out="the graphs, and most of the flows that are alike"),
    _Detail(
        causes=10, alike=0, graphs=False, left_out="the graphs, all but ten causes of each run, and who else"
    ),
    _Detail(causes=1, alike=0, graphs=False, left_out="the graphs, and all but one cause of each run"),
)


def render(results: Sequence[RunResult]) -> str:
    """Return the document, at most ``MOST_CHARACTERS`` long; what has no room in it is said."""
    told = [result for result in results if len(results) == 1 or needs_reading(result)]
    chapters = [(result, [_prepared(step) for step in result.steps]) for result in told]
    overview = list(_overview(results)) if len(results) > 1 else []
    text = ""
    for detail in _DETAILS:
        text = "\n".join([*overview, *_chapters(chapters, detail)]) + "\n"
        if len(text) <= MOST_CHARACTERS:
            return text
    end = "\n\n*Cut here: there was no room for more. The HTML and JSON reports have everything.*\n"
    whole = text[: MOST_CHARACTERS - len(end)]
    return whole[: whole.rfind("\n\n## ")] + end if "\n\n## " in whole else whole[: whole.rfind("\n")] + end


def _prepared(step: StepResult) -> _Step:
    names = names_of(step.findings)
    groups = group_findings(step.findings, names)
    return _Step(step=step, names=names, groups=groups, graph=tuple(_graph(step)))


def _chapters(chapters: Sequence[tuple[RunResult, Sequence[_Step]]], detail: _Detail) -> Iterator[str]:
    for result, steps in chapters:
        yield from _run(result, steps, detail)
    if detail.left_out:
        yield f"*Left out to keep this small: {detail.left_out}. The HTML and JSON reports have everything.*"


def _overview(results: Sequence[RunResult]) -> Iterator[str]:
    words = [conclude(result).word for result in results]
    passed = words.count("PASS")
    mark = _MARKS["PASS" if passed == len(words) else "FAIL" if "FAIL" in words else "INCONCLUSIVE"]
    yield f"## {mark} {passed} of {len(results)} runs pass"
    yield ""
    rows = (
        (
            f"{_MARKS[word]} {word}",
            plain(result.scenario),
            plain(result.cluster.title),
            plain(_counts(result)),
            f"{result.seconds:.1f} s",
        )
        for word, result in zip(words, results, strict=True)
    )
    yield from table(("verdict", "scenario", "cluster", "flows", "duration"), rows)
    yield ""


def _run(result: RunResult, steps: Sequence[_Step], detail: _Detail) -> Iterator[str]:
    end = conclude(result)
    yield f"## {_MARKS[end.word]} {end.word}: {plain(result.scenario)}, on {plain(result.cluster.title)}"
    yield ""
    yield from (f"> **{plain(headline)}**  " for headline in result.headlines)
    if result.headlines:
        yield ""
    title = f"{plain(result.title)}. " if result.title else ""
    version = f", Kubernetes {plain(result.cluster.version)}" if result.cluster.version else ""
    yield f"{title}{plain(end.sentence[:1].upper() + end.sentence[1:])}."
    yield ""
    yield f"{plain(_counts(result))} in {result.seconds:.1f} s{version}, netprobe {result.netprobe_version}."
    yield ""
    budget = detail.causes
    for step in steps:
        yield from _step(step, detail, budget)
        budget = max(0, budget - len(step.groups))
    for note in result.notes:
        yield f"Note: {plain(note)}."
        yield ""


def _step(prepared: _Step, detail: _Detail, budget: int) -> Iterator[str]:
    """A step with at most ``budget`` causes."""
    step, groups = prepared.step, prepared.groups
    counts = ", ".join(
        f"{n} {verdict.value}" for verdict, n in reversed(count_verdicts(step.findings).items())
    )
    unfinished = "" if step.complete else ", not finished"
    yield f"### {plain(step.name)}: {counts or 'nothing measured'}{unfinished}"
    yield ""
    for group in groups[:budget]:
        yield from _group(group, prepared.names, detail)
    left = groups[budget:]
    if left:
        yield f"- and {sum(1 + len(g.others) for g in left)} more flows, of {len(left)} other causes"
    if groups:
        yield ""
    if detail.graphs:
        yield from prepared.graph


def _group(group: Group, names: Names, detail: _Detail) -> Iterator[str]:
    example = group.example
    yield f"- **{group.label}** {plain(example.explanation)}"
    places = [
        f"{reference_text(ref)} {code(place_text(ref))}"
        for ref in responsible_for(example.decision)
        if place_text(ref)
    ]
    if example.intent is not None and example.intent.place is not None:
        places.append(f"intent {code(str(example.intent.place))}")
    if places:
        yield f"  <br>{', '.join(places)}"
    if not group.others:
        return
    named = [plain(names.flow(finding.flow)) for finding in group.others[: detail.alike]]
    left = len(group.others) - len(named)
    told = f"and {left} more" if named else f"{flows(left)} more like it"
    yield f"  <br>likewise {', '.join([*named, *([told] if left else [])])}"


def _graph(step: StepResult) -> Iterator[str]:
    graph = graph_of(step.findings)
    if sum(edge.state is State.DENIED for edge in graph.edges) > _MOST_DENIED:
        named = [f.flow for f in denied_on_purpose(step.findings)]
        graph = without_denied(graph, {(node_of(f.source), node_of(f.destination)) for f in named})
    lines = list(mermaid_lines(graph))
    if not step.findings or not graph.nodes or sum(len(line) + 1 for line in lines) > _MERMAID_TEXT:
        return
    body = ["```mermaid", *lines, "```", "", f"{mermaid_legend(graph)}. {graph.note}".strip()]
    yield from folded(f"Who reaches whom: {step.name}", body, is_open=len(graph.edges) <= _MOST_EDGES)


def _counts(result: RunResult) -> str:
    findings = result.findings
    kinds = ", ".join(f"{count} {kind.value}" for kind, count in count_kinds(findings).items())
    parts = [f"{count} {verdict.value}" for verdict, count in reversed(count_verdicts(findings).items())]
    text = f"{flows(len(findings))}: {', '.join(parts)}" if parts else "no flows"
    return text.replace(" FAIL", f" FAIL ({kinds})", 1) if kinds else text
