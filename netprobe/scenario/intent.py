"""What the author wants of a flow: intent lines matched against flows.

Of the lines that match a flow, the more specific one wins: a line is more specific than another
when each of its parts (source, destination, port, protocol, way) is at least as narrow and one is
narrower. Lines of which neither is more specific must agree.
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.finding import Expectation, IntentRef
from netprobe.model.flow import Destination, DnsRef, ExternalRef, Flow, NodeRef, PodRef
from netprobe.model.scenario import Default, EndPattern, IntentLine, Scenario, Step

Narrowness = tuple[int, ...]
"""How narrow each part of a line is; larger is narrower, compared part by part."""


def intent_for(scenario: Scenario, step: Step, flow: Flow) -> IntentRef | None:
    """The intent for a flow of a step, and the line (or ``default:``) that gives it.

    None when ``default: policy`` holds and no line names the flow. ``default:`` speaks only of flows
    to pods; others exist only because a line names them.
    """
    del scenario  # the step says it all today; callers hold both
    strongest = strongest_lines(step, flow)
    if strongest:
        line = strongest[0]
        return IntentRef(expectation=line.expectation, text=line.text, place=line.place)
    default = step.intent.default
    if default in (Default.POLICY, Default.NONE) or not isinstance(flow.destination, PodRef):
        return None
    return IntentRef(
        expectation=Expectation(default.value), text=f"default: {default.value}", place=step.intent.place
    )


def strongest_lines(step: Step, flow: Flow) -> tuple[IntentLine, ...]:
    """The lines that match the flow and to which no other matching line is more specific.

    In a loaded scenario they all agree.
    """
    matching = [(line, narrowness) for line in step.intent.lines for narrowness in ways_to_match(line, flow)]
    return tuple(
        line
        for line, narrowness in matching
        if not any(_narrower(other, narrowness) for _, other in matching)
    )


def ways_to_match(line: IntentLine, flow: Flow) -> Iterator[Narrowness]:
    """How narrowly the line matches the flow, once per pair of ends that does; nothing if none does."""
    if line.port not in {None, flow.port} or line.protocol not in {None, flow.protocol}:
        return
    if line.via not in {None, flow.via}:
        return
    for source in line.sources:
        if not names(source, flow.source):
            continue
        for destination in line.destinations:
            if names(destination, flow.destination):
                yield (
                    *_width(source),
                    *_width(destination),
                    int(line.port is not None),
                    int(line.protocol is not None),
                    int(line.via is not None),
                )


def names(pattern: EndPattern, end: Destination) -> bool:
    """Tell whether a pattern names an end of a flow; ``*`` names pods only."""
    match end:
        case PodRef():
            return (
                not pattern.special
                and pattern.namespace in {"*", end.namespace}
                and pattern.workload in {"*", end.workload}
                and pattern.index in {None, end.index}
            )
        case DnsRef():
            return pattern.special == "dns"
        case ExternalRef():
            return pattern.special == "external" and pattern.name in {"*", end.name}
        case NodeRef():
            return pattern.special == "node" and pattern.name == end.which


def _width(pattern: EndPattern) -> Narrowness:
    if pattern.special:
        return (1, int(pattern.name != "*"), 0)
    return (int(pattern.namespace != "*"), int(pattern.workload != "*"), int(pattern.index is not None))


def _narrower(one: Narrowness, other: Narrowness) -> bool:
    return one != other and all(mine >= theirs for mine, theirs in zip(one, other, strict=True))
