"""Policies that mend findings: the guide's deny-all and allow-dns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from netprobe.lint.bodies import by_labels, by_name
from netprobe.lint.dns_pods import DnsPods
from netprobe.lint.scene import Scene
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.model.protocol import Protocol


def allow_dns(namespace: str, selector: LabelSelector, dns: DnsPods, *, name: str = "") -> NetworkPolicy:
    """Return the guide's allow-dns for the pods that ``selector`` selects."""
    peer = Peer(namespace_selector=by_name(dns.namespace), pod_selector=by_labels(dns.labels))
    return NetworkPolicy(
        namespace=namespace,
        name="allow-dns" + (f"-{name}" if name else ""),
        pod_selector=selector,
        policy_types=frozenset((Direction.EGRESS,)),
        egress=(Rule(peers=(peer,), ports=dns_ports(dns)),),
    )


def dns_ports(dns: DnsPods) -> tuple[PolicyPort, ...]:
    """Return the ports on which DNS must be admitted: the pods' own, over UDP and TCP."""
    return tuple(
        PolicyPort(protocol=protocol, port=number)
        for protocol in (Protocol.UDP, Protocol.TCP)
        for number in sorted(dns.ports(protocol))
    )


def deny_all(namespace: str, direction: Direction) -> NetworkPolicy:
    """Return the guide's deny-all-ingress or deny-all-egress."""
    return NetworkPolicy(
        namespace=namespace,
        name=f"deny-all-{direction.lower()}",
        pod_selector=LabelSelector(),
        policy_types=frozenset((direction,)),
    )


def admit_dns(dns: DnsPods) -> NetworkPolicy:
    """Return the policy that opens the DNS pods to every pod of the cluster."""
    anyone = Peer(namespace_selector=LabelSelector())
    return NetworkPolicy(
        namespace=dns.namespace,
        name="allow-dns-from-everywhere",
        pod_selector=by_labels(dns.labels),
        policy_types=frozenset((Direction.INGRESS,)),
        ingress=(Rule(peers=(anyone,), ports=dns_ports(dns)),),
    )


def freely_named(policy: NetworkPolicy, scene: Scene) -> NetworkPolicy:
    """Return the policy under a name that no policy of its namespace has, so that it replaces none."""
    taken = scene.once(_names).get(policy.namespace, ())
    name, number = policy.name, 2
    while name in taken:
        name, number = f"{policy.name}-{number}", number + 1
    return replace(policy, name=name)


def _names(scene: Scene) -> Mapping[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for policy in scene.policies:
        names[policy.namespace].add(policy.name)
    return names
