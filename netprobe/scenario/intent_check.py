"""Intent lines against the pods, hosts and flows there are: unknown names, idle lines, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netprobe.manifests.cursor import did_you_mean
from netprobe.model.flow import Flow
from netprobe.model.place import Place, Problem
from netprobe.model.protocol import Via
from netprobe.model.scenario import EndPattern, IntentLine, Scenario, Step, Workload
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.intent import strongest_lines, ways_to_match
from netprobe.scenario.intent_grammar import End
from netprobe.scenario.intents import Written, line_to
from netprobe.scenario.population import population


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a name or a line, and a hint; an empty message means nothing is."""

    message: str = ""
    hint: str = ""


RIGHT = Judgement()


def check_intent(scenario: Scenario, step: Step, written: Iterable[Written]) -> Iterator[Problem]:
    """Yield the problems of a step's lines, which ``written`` holds as they stand in the file."""
    scene = _Scene(scenario, population(scenario, step), flows_of_step(scenario, step))
    for line in written:
        yield from _unknown_ends(line, scene)
        yield from _idle_ends(line, scene)
    yield from _contradictions(step, scene.flows)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A scenario at one step."""

    scenario: Scenario
    standing: tuple[Workload, ...]
    flows: tuple[Flow, ...]

    @property
    def foreign(self) -> frozenset[str]:
        """The namespaces of bystanders."""
        return frozenset(each.namespace for each in self.scenario.bystanders)

    def named(self, pattern: EndPattern) -> tuple[Workload, ...]:
        """The workloads that a pattern names."""
        return tuple(
            workload
            for workload in (*self.standing, *self.scenario.bystanders)
            if pattern.namespace in {"*", workload.namespace} and pattern.workload in {"*", workload.name}
        )


def _unknown_ends(written: Written, scene: _Scene) -> Iterator[Problem]:
    for end in (*written.parsed.sources, *written.parsed.destinations):
        found = _known(end.pattern, scene)
        if found.message:
            yield Problem(place=written.at(end.offset), message=found.message, hint=found.hint)


def _known(pattern: EndPattern, scene: _Scene) -> Judgement:
    """Judge the names in a pattern."""
    if pattern.special == "external":
        hosts = [host.name for host in scene.scenario.externals]
        if pattern.name in {"*", *hosts}:
            return RIGHT
        return Judgement(f'no external host "{pattern.name}" is declared', did_you_mean(pattern.name, hosts))
    if pattern.special:
        return RIGHT
    if pattern.namespace not in {"*", *scene.scenario.namespaces, *scene.foreign}:
        return Judgement(
            f'the scenario declares no namespace "{pattern.namespace}"',
            did_you_mean(pattern.namespace, scene.scenario.namespaces),
        )
    named = scene.named(pattern)
    return _pods_there(pattern, named) if named else _no_workload(pattern, scene)


def _no_workload(pattern: EndPattern, scene: _Scene) -> Judgement:
    full = f"{pattern.namespace}/{pattern.workload}"
    there = [f"{each.namespace}/{each.name}" for each in scene.standing]
    if pattern.namespace == "*":
        there = [f"*/{each.name}" for each in scene.standing]
    return Judgement(f'there is no workload "{full}"', did_you_mean(full, there))


def _pods_there(pattern: EndPattern, named: tuple[Workload, ...]) -> Judgement:
    most = max(workload.replicas for workload in named)
    if not most:
        return Judgement(f"{_text(pattern)} has no pod in this step: it is scaled to 0")
    if pattern.index is not None and pattern.index >= most:
        hint = f"it has {most}, counted from [0]"
        return Judgement(f"{_text(pattern)} has no pod [{pattern.index}]", hint)
    return RIGHT


def _idle_ends(written: Written, scene: _Scene) -> Iterator[Problem]:
    """A problem for each destination of a line that matches no flow, unless a name is wrong anyway."""
    if any(_known(end.pattern, scene).message for end in written.parsed.sources):
        return
    for end in written.parsed.destinations:
        if _known(end.pattern, scene).message:
            continue
        line = line_to(written, [end])
        if not any(True for flow in scene.flows for _ in ways_to_match(line, flow)):
            found = _why_idle(line, end, scene)
            yield Problem(
                place=written.at(end.offset),
                message=f"this line matches no flow: {found.message}",
                hint=found.hint,
            )


def _why_idle(line: IntentLine, end: End, scene: _Scene) -> Judgement:
    ways = scene.scenario.via
    if line.via is not None and line.via not in ways:
        words = ", ".join(way.value for way in (*ways, line.via))
        return Judgement(f'"{line.via.value}" is not among the ways of via:', f"add it as via: [{words}]")
    if end.pattern.special:
        return _why_idle_special(end, scene)
    named = scene.named(end.pattern)
    if not any(_serves(end, workload) for workload in named):
        return _undeclared(end, named)
    if (line.via is not None and line.via.is_by_service) or Via.IP not in ways:
        return Judgement("no Service leads there", "pods behind a Service are no sources for it")
    return Judgement("a pod is never a destination of itself")


def _why_idle_special(end: End, scene: _Scene) -> Judgement:
    if end.pattern.special != "external":
        return Judgement(f"{end.pattern.special} is reached by address only", "leave out via")
    offered = sorted(
        {
            f"{port}/{host.protocol.value.lower()}"
            for host in scene.scenario.externals
            if end.pattern.name in {"*", host.name}
            for port in host.ports
        }
    )
    return Judgement(
        f"external:{end.pattern.name} has no such port", f"it has {', '.join(offered)}, reached by address"
    )


def _serves(end: End, workload: Workload) -> bool:
    return any(
        end.port in {None, port.number} and end.protocol in {None, port.protocol} for port in workload.ports
    )


def _undeclared(end: End, named: tuple[Workload, ...]) -> Judgement:
    ports = {(port.number, port.protocol.value.lower()) for workload in named for port in workload.ports}
    offered = ", ".join(f"{number}/{protocol}" for number, protocol in sorted(ports))
    wanted = "port" if end.port is None else f"port {end.port}"
    wanted += "" if end.protocol is None else f"/{end.protocol.value.lower()}"
    there = f"it declares {offered}" if offered else "it declares no port at all"
    return Judgement(f"{_text(end.pattern)} declares no {wanted}", there)


def _text(pattern: EndPattern) -> str:
    return f"{pattern.namespace}/{pattern.workload}"


def _contradictions(step: Step, flows: tuple[Flow, ...]) -> Iterator[Problem]:
    """A problem for each pair of lines that disagree about a flow, neither being more specific."""
    told: set[tuple[Place | None, Place | None]] = set()
    for flow in flows:
        strongest = strongest_lines(step, flow)
        for other in strongest[1:]:
            first = strongest[0]
            if first.expectation is other.expectation or (first.place, other.place) in told:
                continue
            told.add((first.place, other.place))
            yield Problem(
                place=other.place or Place(file=""),
                message=f"this line and an equally specific one disagree about {flow.key}",
                hint=f'the other is "{first.expectation.value}: {first.text}" at {first.place}',
            )
