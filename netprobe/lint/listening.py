"""The pods whose ports a rule is about, and what they declare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.lint.scene import Scene
from netprobe.lint.sites import PortSite, RuleSite
from netprobe.model.policy import Direction, LabelSelector, Peer, PolicyPort
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod, Service, ServicePort
from netprobe.oracle.ports import resolve
from netprobe.oracle.selectors import selects


def entries_with_pods(scene: Scene) -> Iterator[tuple[PortSite, tuple[Pod, ...]]]:
    """The entries of ``ports`` whose pods are all known, with these pods."""
    for site in scene.rules():
        pods = _destinations(scene, site)
        if pods:
            for port in site.ports():
                yield port, pods


def undeclared_numbers(scene: Scene) -> Iterator[tuple[PortSite, tuple[Pod, ...]]]:
    """The entries with a number that no pod declares, though every pod declares something."""
    for site, pods in entries_with_pods(scene):
        if (
            isinstance(site.port.port, int)
            and all(pod.ports for pod in pods)
            and not is_declared(site.port, pods)
        ):
            yield site, pods


def behind_service(scene: Scene, port: PolicyPort, pods: Sequence[Pod]) -> tuple[Service, ServicePort] | None:
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
                and target_of(each, behind) is not None
            ):
                return service, each
    return None


def target_of(port: ServicePort, pods: Sequence[Pod]) -> int | None:
    """The pods' own port behind a Service port, None when none of them declares it."""
    if isinstance(port.target, str):
        return min((n for pod in pods for n in resolve(port.target, port.protocol, pod)), default=None)
    declared = is_declared(PolicyPort(protocol=port.protocol, port=port.target), pods)
    return port.target if declared else None


def is_declared(port: PolicyPort, pods: Sequence[Pod]) -> bool:
    """Whether one of the pods declares a port that the entry, a number or range, admits."""
    assert isinstance(port.port, int)
    last = port.end_port or port.port
    return any(
        port.port <= each.number <= last and each.protocol is port.protocol
        for pod in pods
        for each in pod.ports
    )


def declared_numbers(pods: Sequence[Pod], protocol: Protocol) -> list[str]:
    """Return the numbers that the pods declare for a protocol."""
    return [str(n) for n in sorted({p.number for pod in pods for p in pod.ports if p.protocol is protocol})]


def only_number(pods: Sequence[Pod], protocol: Protocol = Protocol.TCP) -> int | None:
    """The one number that all these pods declare, None when there are several or none."""
    numbers = {p.number for pod in pods for p in pod.ports if p.protocol is protocol}
    return numbers.pop() if len(numbers) == 1 else None


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
