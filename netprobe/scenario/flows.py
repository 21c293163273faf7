"""The flows of a step, known without a cluster.

(a) every ordered pair of different scenario pods, at every declared port, by pod IP, and from every
    scenario pod to every bystander; with ``via: second-ip`` by the second IP as well;
(b) with ``via: service`` or ``name``, each Service port from every pod that does not back it;
(c) DNS, external hosts and nodes, only where an intent line names them, for the sources it names.

With ``default: none`` this holds for (a) and (b), too: only what a line names is a flow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netprobe.model.flow import Destination, DnsRef, ExternalRef, Flow, NodeRef, PodRef
from netprobe.model.protocol import Protocol, Via
from netprobe.model.scenario import (
    Default,
    EndPattern,
    IntentLine,
    Scenario,
    ScenarioService,
    Step,
    Workload,
)
from netprobe.model.topology import ServicePort
from netprobe.scenario.intent import names, ways_to_match
from netprobe.scenario.population import pods_of, population

DNS_PORT = 53
"""The port that every ``dns`` flow carries; where the DNS pods really listen is the oracle's matter."""


@dataclass(frozen=True, slots=True)
class _Reached:
    """A Service port with the workload behind it that stands for its backends."""

    service: ScenarioService
    port: ServicePort
    backing: frozenset[tuple[str, str]]
    destination: PodRef
    number: int

    def can_go(self, via: Via) -> bool:
        """A headless Service has a name, but no address of its own; nodes have ports for few."""
        if via is Via.NODE_PORT:
            return self.service.on_nodes
        return via is Via.NAME or not self.service.headless

    @property
    def dialled_port(self) -> int:
        """Nothing translates the port of a headless Service: clients dial the pod's own."""
        return self.number if self.service.headless else self.port.port


def flows_of_step(scenario: Scenario, step: Step) -> tuple[Flow, ...]:
    """All flows of a step, in a fixed order: by source pod, then (a), (b), (c) as in this module's head.

    Sources and destinations come in the author's order of workloads, every replica on its own.
    A Service yields one flow per source, Service port and way: its destination is replica 0 of the
    first workload behind it, since nobody can know beforehand which backend will answer. Pods that
    back a Service themselves are no sources for it (hairpin), but where ``default: none`` a line may
    name even that.
    """
    workloads = population(scenario, step)
    reached = tuple(_reached_services(scenario, workloads))
    only_named = step.intent.default is Default.NONE
    flows: dict[str, Flow] = {}
    for workload in workloads:
        for source in pods_of(workload):
            named = [line for line in step.intent.lines if any(names(end, source) for end in line.sources)]
            meant = [
                each
                for each in (*workloads, *scenario.bystanders)
                if not only_named or _is_end_of(each, named)
            ]
            for flow in _from(source, scenario, named, meant, reached, hairpin=only_named):
                if not only_named or _is_named(flow, named):
                    flows.setdefault(flow.key, flow)
    return tuple(flows.values())


def _is_end_of(workload: Workload, lines: Sequence[IntentLine]) -> bool:
    """Whether a line names a pod of the workload as a destination."""
    ends = [end for line in lines for end in line.destinations]
    return any(names(end, pod) for end in ends for pod in pods_of(workload))


def _is_named(flow: Flow, lines: Sequence[IntentLine]) -> bool:
    return any(True for line in lines for _ in ways_to_match(line, flow))


def _from(
    source: PodRef,
    scenario: Scenario,
    lines: Sequence[IntentLine],
    workloads: Sequence[Workload],
    reached: tuple[_Reached, ...],
    *,
    hairpin: bool,
) -> Iterator[Flow]:
    """``lines`` are those that name the source; with ``hairpin`` it may reach itself by a Service.

    ``workloads`` are those to whose pods it may go.
    """
    for via in (Via.IP, Via.SECOND_IP):
        if via in scenario.via:
            yield from _to_pods(source, via, workloads)
    for via in scenario.via:
        if via.is_by_service:
            yield from _to_services(source, via, reached, hairpin=hairpin)
    yield from _to_named(source, scenario, lines)


def _to_pods(source: PodRef, via: Via, workloads: Sequence[Workload]) -> Iterator[Flow]:
    for workload in workloads:
        for destination in pods_of(workload):
            if destination == source:
                continue
            for port in workload.ports:
                yield Flow(
                    source=source, destination=destination, port=port.number, protocol=port.protocol, via=via
                )


def _to_services(source: PodRef, via: Via, reached: tuple[_Reached, ...], *, hairpin: bool) -> Iterator[Flow]:
    for each in reached:
        own = (source.namespace, source.workload) in each.backing
        if (own and not hairpin) or not each.can_go(via):
            continue
        yield Flow(
            source=source,
            destination=each.destination,
            port=each.number,
            protocol=each.port.protocol,
            via=via,
            service=each.service.name,
            service_port=each.dialled_port,
        )


def _reached_services(scenario: Scenario, workloads: tuple[Workload, ...]) -> Iterator[_Reached]:
    for service in scenario.services:
        backing = [workload for workload in workloads if selects(service, workload) and workload.replicas]
        for port in service.ports:
            for workload in backing:
                number = target_number(port, workload)
                if number is not None:
                    yield _Reached(
                        service=service,
                        port=port,
                        backing=frozenset((each.namespace, each.name) for each in backing),
                        destination=pods_of(workload)[0],
                        number=number,
                    )
                    break


def selects(service: ScenarioService, workload: Workload) -> bool:
    """Tell whether a Service selects a workload's pods; a Service without selector selects nothing."""
    return (
        service.namespace == workload.namespace
        and bool(service.selector)
        and service.selector.items() <= workload.labels.items()
    )


def target_number(port: ServicePort, workload: Workload) -> int | None:
    """The declared containerPort that a Service port leads to in this workload; None if it declares none."""
    target = port.target or port.port
    for declared in workload.ports:
        if declared.protocol is port.protocol and target in {declared.number, declared.name}:
            return declared.number
    return None


def _to_named(source: PodRef, scenario: Scenario, lines: Sequence[IntentLine]) -> Iterator[Flow]:
    """The flows to special destinations that lines name for this source."""
    wanted = [(line, pattern) for line in lines for pattern in line.destinations if pattern.special]
    for kind in ("dns", "external", "node"):
        for line, pattern in wanted:
            if pattern.special == kind:
                yield from _to_special(source, scenario, line, pattern)


def _to_special(source: PodRef, scenario: Scenario, line: IntentLine, pattern: EndPattern) -> Iterator[Flow]:
    if line.via not in {None, Via.IP}:
        return
    for destination, port, protocol in _special_ends(scenario, line, pattern):
        if line.protocol in {None, protocol} and line.port in {None, port}:
            yield Flow(source=source, destination=destination, port=port, protocol=protocol)


def _special_ends(
    scenario: Scenario, line: IntentLine, pattern: EndPattern
) -> Iterator[tuple[Destination, int, Protocol]]:
    if pattern.special == "dns":
        yield DnsRef(), DNS_PORT, Protocol.UDP
        yield DnsRef(), DNS_PORT, Protocol.TCP
    elif pattern.special == "external":
        for host in scenario.externals:
            if pattern.name in {"*", host.name}:
                for port in host.ports:
                    yield ExternalRef(name=host.name), port, host.protocol
    elif line.port is not None:
        yield NodeRef(which=pattern.name), line.port, line.protocol or Protocol.TCP
