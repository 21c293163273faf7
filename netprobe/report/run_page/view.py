"""A run as the parts of its page, ready for the template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netprobe.model.finding import Finding, Seen, Verdict
from netprobe.model.run import RunResult, SentinelReading, StepResult
from netprobe.report.conclusion import conclude, count_kinds, count_verdicts, flows
from netprobe.report.edges import State, graph_of
from netprobe.report.html.components import Fact, Table, TableCell, Tile, head, marked, number
from netprobe.report.html.environment import Markup
from netprobe.report.html.marks import Mark, mark_of_conclusion, mark_of_verdict
from netprobe.report.naming import names_of
from netprobe.report.run_page.drawing import draw, sample
from netprobe.report.run_page.failures import Cause, causes_of
from netprobe.report.run_page.latency import Settling, settling_of
from netprobe.report.run_page.latency_chart import draw_times
from netprobe.report.run_page.plain_tables import plain_tables
from netprobe.report.summary import needs_reading

_SEEN = {Seen.OPEN: "open", Seen.CLOSED: "closed"}


@dataclass(frozen=True, kw_only=True, slots=True)
class GraphView:
    """The graph of a step: the drawing, its legend (class, sample, words, count), what was left out."""

    drawing: Markup
    legend: tuple[tuple[str, Markup, str, int], ...]
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StepView:
    """One step; ``times`` is None where nothing has one."""

    number: int
    anchor: str
    name: str
    counts: tuple[Mark, ...]
    seconds: str
    complete: bool
    flow_count: int
    effects: tuple[str, ...]
    causes: tuple[Cause, ...]
    graph: GraphView | None
    chart: Markup | None
    times: Table | None
    plain: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RunView:
    """One run; ``is_open`` is false for one that needs no reading among others."""

    number: int
    anchor: str
    name: str
    title: str
    mark: Mark
    sentence: str
    exit_code: int
    headlines: tuple[str, ...]
    tiles: tuple[Tile, ...]
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    steps: tuple[StepView, ...]
    is_open: bool
    cause_count: int


def view_of(result: RunResult, number: int, anchor: str, *, alone: bool) -> RunView:
    """Return the view of a run, the ``number``-th (from 1) of its page.

    ``anchor`` goes before the ids of its findings in links; where there is one, another run of the page is
    of the same scenario, and the name tells the cluster.
    """
    end = conclude(result)
    steps = tuple(
        _step(result, step, number, place, anchor) for place, step in enumerate(result.steps, start=1)
    )
    return RunView(
        number=number,
        anchor=f"run-{number}",
        name=f"{result.scenario} on {result.cluster.title}" if anchor else result.scenario,
        title=result.title,
        mark=mark_of_conclusion(end.word),
        sentence=_sentence(end.sentence),
        exit_code=end.exit_code,
        headlines=result.headlines,
        tiles=tuple(_tiles(result)),
        facts=tuple(_facts(result)),
        notes=result.notes,
        steps=steps,
        is_open=alone or needs_reading(result),
        cause_count=sum(len(step.causes) for step in steps),
    )


def overview(results: Sequence[RunResult]) -> Table:
    """Return a row for each of several runs."""
    rows = []
    for place, result in enumerate(results, start=1):
        name = TableCell(text=result.scenario, is_head=True, link=f"#run-{place}")
        odd = ", ".join(f"{n} {kind}" for kind, n in count_kinds(result.findings).items())
        rows.append(
            (
                name,
                marked(mark_of_conclusion(conclude(result).word), odd),
                TableCell(text=result.title),
                TableCell(text=result.cluster.title),
                number(len(result.findings)),
                number(result.seconds, 1, "s"),
            )
        )
    heads = ("scenario", "verdict", "what it shows", "cluster", "flows", "duration")
    return Table(caption="The runs of this report", heads=heads, rows=tuple(rows))


def _tiles(result: RunResult) -> Iterator[Tile]:
    yield Tile(value=f"{len(result.findings):,}", text="flows judged")
    kinds = count_kinds(result.findings)
    for verdict, count in reversed(count_verdicts(result.findings).items()):
        look = mark_of_verdict(verdict)
        told = ", ".join(f"{n} {kind}" for kind, n in kinds.items()) if verdict is Verdict.FAIL else ""
        text = f"{verdict.value}: {told}" if told else verdict.value
        yield Tile(value=f"{count:,}", text=text, tone=look.tone, symbol=look.symbol)


def _facts(result: RunResult) -> Iterator[Fact]:
    cluster = result.cluster
    asked = "" if cluster.title.startswith(cluster.name) else f" (--cluster {cluster.name})"
    yield Fact(name="Cluster", text=f"{cluster.title}{asked}")
    if cluster.version:
        yield Fact(name="Kubernetes", text=cluster.version)
    facts = [f"{name}: {value}" for name, value in sorted(cluster.facts.items())]
    if facts:
        yield Fact(name="About the cluster", text=", ".join(facts))
    for name, reason in sorted(cluster.lacks.items()):
        yield Fact(name=f"Not possible here: {name}", text=reason)
    yield Fact(name="Started", text=result.started.replace("T", " ").replace("Z", " UTC"))
    yield Fact(name="Duration", text=f"{result.seconds:.1f} s, {_count(len(result.steps), 'step')}")
    attempts = sum(len(f.observation.attempts) for f in result.findings if f.observation is not None)
    sources = {f.flow.source for f in result.findings}
    yield Fact(
        name="Measured", text=f"{_count(attempts, 'attempt')} from inside {_count(len(sources), 'pod')}"
    )
    yield Fact(name="Run", text=f"{result.run_id}, netprobe {result.netprobe_version}")


def _step(result: RunResult, step: StepResult, run: int, place: int, anchor: str) -> StepView:
    name = f"run-{run}-step-{place}"
    settlings = settling_of(step)
    flipped = any(reading.flipped for reading in step.sentinels)
    return StepView(
        number=place,
        anchor=name,
        name=step.name,
        counts=tuple(_counts(step.findings)),
        seconds=f"{step.seconds:.1f} s",
        complete=step.complete,
        flow_count=len(step.findings),
        effects=tuple(_effects(step.sentinels)),
        causes=causes_of(step, anchor),
        graph=_graph(result, step, name),
        chart=draw_times(settlings, step.sentinels, f"{name}-times") if settlings or flipped else None,
        times=_times(step, settlings) if settlings else None,
        plain=plain_tables(step),
    )


def _counts(findings: Sequence[Finding]) -> Iterator[Mark]:
    for verdict, count in reversed(count_verdicts(findings).items()):
        look = mark_of_verdict(verdict)
        yield Mark(word=f"{count:,} {verdict.value}", symbol=look.symbol, tone=look.tone)


def _effects(readings: Sequence[SentinelReading]) -> Iterator[str]:
    """Yield what the sentinels showed, nodes with the same words together."""
    nodes: dict[str, list[str]] = {}
    for reading in readings:
        nodes.setdefault(_effect(reading), []).append(reading.node)
    for words, names in nodes.items():
        yield f"{', '.join(names)}: {words}"


def _effect(reading: SentinelReading) -> str:
    if reading.flipped is None:
        return "when policies take effect was not measured" + (
            f" ({reading.detail})" if reading.detail else ""
        )
    if not reading.flipped:
        return f"a change of policy had no effect within {reading.seconds:.1f} s"
    return f"a change of policy took effect in {reading.seconds:.2f} s"


def _graph(result: RunResult, step: StepResult, name: str) -> GraphView | None:
    if not step.findings:
        return None
    graph = graph_of(step.findings)
    counts = Counter(edge.state for edge in graph.edges)
    drawing = f"{name}-graph"
    title = f"Who reaches whom in {result.scenario}, step {step.name}"
    return GraphView(
        drawing=draw(graph, drawing, title) if graph.nodes else Markup(""),
        legend=tuple(
            (state.tone, sample(state, drawing), state.words, counts[state])
            for state in State
            if counts[state]
        ),
        note=graph.note,
    )


def _times(step: StepResult, settlings: Sequence[Settling]) -> Table:
    names = names_of(step.findings)
    rows = tuple(
        (
            head(f"{_SEEN[each.seen]} flows"),
            number(len(each.seconds)),
            number(each.median, 2, "s"),
            number(each.within(0.95), 2, "s"),
            number(each.seconds[-1], 2, "s"),
            TableCell(text=names.flow(each.slowest) if each.slowest is not None else ""),
            number(each.never),
        )
        for each in settlings
    )
    heads = ("as the policies say", "flows", "half of them", "95 %", "all", "the slowest", "never")
    return Table(
        caption=f"Seconds until flows were as the policies say, step {step.name}", heads=heads, rows=rows
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def flows_of(results: Sequence[RunResult]) -> str:
    """Return how many flows there are in all, in words."""
    return flows(sum(len(result.findings) for result in results))
