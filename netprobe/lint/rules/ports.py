"""Ports that nobody listens on, names that nobody gives, and Service ports in the place of pods' ports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from netprobe.lint.bodies import port_body
from netprobe.lint.covering import covers_port
from netprobe.lint.found import Found, entry
from netprobe.lint.listening import (
    behind_service,
    declared_numbers,
    entries_with_pods,
    is_declared,
    only_number,
    target_of,
    undeclared_numbers,
)
from netprobe.lint.scene import Scene
from netprobe.lint.sites import PortSite
from netprobe.lint.wording import listed, pods_text, verb
from netprobe.lint.yaml_text import list_yaml
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.lint import Fix, Severity
from netprobe.model.policy import PolicyPort
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.ports import resolve


def service_port(scene: Scene) -> Iterator[Found]:
    """A number that is the port of a Service, while the pods behind it listen on another one.

    Concept page "Service", virtual IP addressing: packets reach the pods on their targetPort, and that
    is what a policy sees. Reference: NetworkPolicyPort, port: a port "on a pod".
    """
    for site, pods in undeclared_numbers(scene):
        found = behind_service(scene, site.port, pods)
        if found is None:
            continue
        service, port = found
        target = target_of(port, pods)
        mended = replace(site.port, port=target, end_port=None)
        yield Found(
            object=site.at.key,
            place=site.place,
            path=f"{site.path}.port",
            message=(
                f"{site.at.words} names {site.port.protocol} {site.port.port}, the port of Service "
                f"{service.namespace}/{service.name}; the pods ({pods_text(pods)}) listen on {port.target}"
            ),
            severity=Severity.INFO if _is_admitted(site, mended) else None,
            fix=Fix(advice="name the port of the pods", yaml=list_yaml("ports", [port_body(mended)])),
        )


def unused_port(scene: Scene) -> Iterator[Found]:
    """A number that none of the pods it is about declares as a containerPort.

    Pod reference, ports: the list is informational, so a pod may listen on more; only pods that declare
    ports are held to them.
    """
    for site, pods in undeclared_numbers(scene):
        if behind_service(scene, site.port, pods) is not None:
            continue
        declared = declared_numbers(pods, site.port.protocol)
        other = [
            p
            for p in Protocol
            if p is not site.port.protocol and is_declared(replace(site.port, protocol=p), pods)
        ]
        has = listed(declared) if declared else "none"
        yield Found(
            object=site.at.key,
            place=site.place,
            path=f"{site.path}.port",
            message=(
                f"{site.at.words} names {site.port.protocol} {_range(site.port)}, and {pods_text(pods)} "
                + (
                    f"{verb(pods, 'has', 'have')} that port for {listed(other)} only"
                    if other
                    else f"{verb(pods, 'declares', 'declare')} no such port (of {site.port.protocol}: {has})"
                )
            ),
            fix=Fix(
                advice="name a port that the pods listen on, or declare it as a containerPort",
                yaml=_mended(site.port, pods, other),
            ),
        )


def unknown_name(scene: Scene) -> Iterator[Found]:
    """A port name that none of the pods it is about gives to a port of this protocol.

    Reference: NetworkPolicyPort, port: "This can either be a numerical or named port on a pod."
    """
    for site, pods in entries_with_pods(scene):
        name = site.port.port
        if not isinstance(name, str) or any(resolve(name, site.port.protocol, pod) for pod in pods):
            continue
        others = [p for p in Protocol if any(resolve(name, p, pod) for pod in pods)]
        names = sorted({port.name for pod in pods for port in pod.ports if port.name})
        question = did_you_mean(name, names)
        who = pods_text(pods)
        if others:
            other = f'a {listed(others)} port "{name}", not one of {site.port.protocol}'
            what = f"{who} {verb(pods, 'calls', 'call')} {other}"
        else:
            what = f'{who} {verb(pods, "has", "have")} no port named "{name}"'
        near = question.split('"')[1] if question else ""
        mended = (
            replace(site.port, protocol=others[0])
            if others
            else replace(site.port, port=near or only_number(pods))
        )
        yield Found(
            object=site.at.key,
            place=site.place,
            path=f"{site.path}.port",
            message=f"{site.at.words}: {what}, so it admits nothing" + (f"; {question}" if question else ""),
            fix=Fix(
                advice="name the port as the pods do",
                yaml=list_yaml("ports", [port_body(mended)]) if mended.port is not None else "",
            ),
        )


def sctp(scene: Scene) -> Iterator[Found]:
    """A port of SCTP.

    Concept page, "SCTP support": the network plugin must support SCTP in policies.
    """
    for site in scene.rules():
        for port in site.ports():
            if port.port.protocol is Protocol.SCTP:
                yield Found(
                    object=site.key,
                    place=port.place,
                    path=f"{port.path}.protocol",
                    message=f"{site.words} is about SCTP",
                    fix=Fix(advice="try it on your network: netprobe run with a scenario that requires sctp"),
                )


def _is_admitted(site: PortSite, port: PolicyPort) -> bool:
    """Whether the rule admits the port as well, so that the other entry is only of no use."""
    return any(covers_port(entry, port) for entry in site.at.rule.ports or ())


def _range(port: PolicyPort) -> str:
    return str(port.port) if port.end_port in (None, port.port) else f"{port.port}-{port.end_port}"


def _mended(port: PolicyPort, pods: Sequence[Pod], other: Sequence[Protocol]) -> str:
    if other:
        return list_yaml("ports", [port_body(replace(port, protocol=other[0]))])
    number = only_number(pods, port.protocol)
    return (
        "" if number is None else list_yaml("ports", [port_body(replace(port, port=number, end_port=None))])
    )


RULES = (
    entry(
        service_port,
        "service-port",
        Severity.ERROR,
        "The port of a Service where the pod's port belongs",
        "A policy is held against the packet that arrives at the pod, after the Service's port "
        "was replaced by "
        "its targetPort; the Service's own number is never seen there.",
    ),
    entry(
        unused_port,
        "unused-port",
        Severity.WARNING,
        "A port that no pod declares",
        "If nobody listens on the port, the rule admits nothing that exists, and the port that "
        "was meant is closed.",
    ),
    entry(
        unknown_name,
        "port-name-unknown",
        Severity.ERROR,
        "A port name that no pod gives",
        "A port name means what the destination pod calls so, for the same protocol; without "
        "such a port the entry "
        "admits nothing.",
    ),
    entry(
        sctp,
        "sctp",
        Severity.INFO,
        "A rule about SCTP",
        "Not every network plugin supports SCTP in policies; some drop it, some ignore the rule.",
    ),
)
