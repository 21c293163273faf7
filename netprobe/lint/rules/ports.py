"""Ports that nobody listens on, names that nobody gives, and Service ports in the place of pods' ports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from netprobe.lint.bodies import port_body
from netprobe.lint.covering import covers_port
from netprobe.lint.found import Found, entry
from netprobe.lint.scene import Scene
from netprobe.lint.sites import PortSite, RuleSite
from netprobe.lint.wording import listed, pods_text, verb
from netprobe.lint.yaml_text import list_yaml
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.lint import Fix, Severity
from netprobe.model.policy import Direction, LabelSelector, Peer, PolicyPort
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod, Service, ServicePort
from netprobe.oracle.ports import resolve
from netprobe.oracle.selectors import selects


def service_port(scene: Scene) -> Iterator[Found]:
    """A number that is the port of a Service, while the pods behind it listen on another one.

    Concept page "Service", virtual IP addressing: packets reach the pods on their targetPort, and that
    is what a policy sees. Reference: NetworkPolicyPort, port: a port "on a pod".
    """
    for site, pods in _numbers(scene):
        found = _behind(scene, site.port, pods)
        if found is None:
            continue
        service, port = found
        target = _target(port, pods)
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
    for site, pods in _numbers(scene):
        if _behind(scene, site.port, pods) is not None:
            continue
        declared = _declared(pods, site.port.protocol)
        other = [
            p
            for p in Protocol
            if p is not site.port.protocol and _is_declared(replace(site.port, protocol=p), pods)
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
    for site, pods in _entries(scene):
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
            else replace(site.port, port=near or _number(pods))
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


def _entries(scene: Scene) -> Iterator[tuple[PortSite, tuple[Pod, ...]]]:
    """The entries of ``ports`` whose pods are all known, with these pods."""
    for site in scene.rules():
        pods = _destinations(scene, site)
        if pods:
            for port in site.ports():
                yield port, pods


def _numbers(scene: Scene) -> Iterator[tuple[PortSite, tuple[Pod, ...]]]:
    """The entries with a number that no pod declares, though every pod declares something."""
    for site, pods in _entries(scene):
        if (
            isinstance(site.port.port, int)
            and all(pod.ports for pod in pods)
            and not _is_declared(site.port, pods)
        ):
            yield site, pods


def _destinations(scene: Scene, site: RuleSite) -> tuple[Pod, ...]:
    """The pods whose ports a rule is about, () when others may be meant, too."""
    if site.direction is Direction.INGRESS:
        return scene.selected(site.policy)
    peers = site.rule.peers or ()
    if any(peer.ip_block is not None or _is_open_ended(peer) for peer in peers):
        return ()
    found = {(p.namespace, p.name): p for peer in peers for p in scene.meant(peer, site.policy.namespace)}
    return tuple(found.values()) if all(scene.is_known(pod) for pod in found.values()) else ()


def _is_open_ended(peer: Peer) -> bool:
    """Whether the peer means whole namespaces, of which the input may not hold every one."""
    return peer.namespace_selector is not None and peer.pod_selector in (None, LabelSelector())


def _is_declared(port: PolicyPort, pods: Sequence[Pod]) -> bool:
    assert isinstance(port.port, int)
    last = port.end_port or port.port
    return any(
        port.port <= each.number <= last and each.protocol is port.protocol
        for pod in pods
        for each in pod.ports
    )


def _declared(pods: Sequence[Pod], protocol: Protocol) -> list[str]:
    return [str(n) for n in sorted({p.number for pod in pods for p in pod.ports if p.protocol is protocol})]


def _behind(scene: Scene, port: PolicyPort, pods: Sequence[Pod]) -> tuple[Service, ServicePort] | None:
    """The Service in front of one of the pods that has this port, and leads to one that they declare."""
    if port.end_port not in (None, port.port):
        return None
    for service in scene.inventory.topology.services:
        if not service.selector or service.headless:
            continue
        selector = LabelSelector(match_labels=service.selector)
        behind = [p for p in pods if p.namespace == service.namespace and selects(selector, p.labels)]
        for each in service.ports:
            if (
                each.port == port.port
                and each.protocol is port.protocol
                and _target(each, behind) is not None
            ):
                return service, each
    return None


def _target(port: ServicePort, pods: Sequence[Pod]) -> int | None:
    """The pods' own port behind a Service port, None when none of them declares it."""
    if isinstance(port.target, str):
        return min((n for pod in pods for n in resolve(port.target, port.protocol, pod)), default=None)
    declared = _is_declared(PolicyPort(protocol=port.protocol, port=port.target), pods)
    return port.target if declared else None


def _is_admitted(site: PortSite, port: PolicyPort) -> bool:
    """Whether the rule admits the port as well, so that the other entry is only of no use."""
    return any(covers_port(entry, port) for entry in site.at.rule.ports or ())


def _range(port: PolicyPort) -> str:
    return str(port.port) if port.end_port in (None, port.port) else f"{port.port}-{port.end_port}"


def _mended(port: PolicyPort, pods: Sequence[Pod], other: Sequence[Protocol]) -> str:
    if other:
        return list_yaml("ports", [port_body(replace(port, protocol=other[0]))])
    number = _number(pods, port.protocol)
    return (
        "" if number is None else list_yaml("ports", [port_body(replace(port, port=number, end_port=None))])
    )


def _number(pods: Sequence[Pod], protocol: Protocol = Protocol.TCP) -> int | None:
    """The one number that all these pods declare, None when there are several or none."""
    numbers = {p.number for pod in pods for p in pod.ports if p.protocol is protocol}
    return numbers.pop() if len(numbers) == 1 else None


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
