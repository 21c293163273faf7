"""What the policies can tell pods apart by: label keys, the edges of address blocks, home namespaces."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from netprobe.model.admin_policy import AdminPeer, AdminPolicy, PodsIn
from netprobe.model.policy import LabelSelector, NetworkPolicy, Peer
from netprobe.oracle.addresses import parse, parse_network

Point = tuple[int, int]
"""The version of an address and the number of the interval between edges that it lies in."""


@dataclass(slots=True)
class Vocabulary:
    """Pods (namespaces) that agree in all of this are the same to every policy."""

    homes: frozenset[str] = frozenset()
    pod_keys: tuple[str, ...] = ()
    namespace_keys: tuple[str, ...] = ()
    edges: dict[int, list[int]] = field(default_factory=dict)
    names_nodes: bool = False

    def point(self, address: str) -> Point | None:
        """Where the address lies between the edges of all blocks; None for what is no address."""
        parsed = parse(address)
        if parsed is None:
            return None
        return parsed.version, bisect_right(self.edges.get(parsed.version, ()), int(parsed))

    def points(self, cidr: str) -> tuple[int, range]:
        """The version of a block, and the intervals that it holds (its edges are among all edges)."""
        network = parse_network(cidr)
        edges = self.edges[network.version]
        first = bisect_right(edges, int(network.network_address))
        return network.version, range(first, bisect_right(edges, int(network.broadcast_address)) + 1)


def vocabulary(policies: Sequence[NetworkPolicy], admin_policies: Sequence[AdminPolicy]) -> Vocabulary:
    """Collect what all policies can tell apart."""
    pods: set[str] = set()
    namespaces: set[str] = set()
    blocks: set[str] = set()
    for policy in policies:
        pods.update(_keys(policy.pod_selector))
        for peer in _peers(policy):
            pods.update(_keys(peer.pod_selector))
            namespaces.update(_keys(peer.namespace_selector))
            if peer.ip_block is not None:
                blocks.update((peer.ip_block.cidr, *peer.ip_block.excluded))
    admin_peers = [peer for policy in admin_policies for peer in _admin_peers(policy)]
    for selected in (*(policy.subject for policy in admin_policies), *_pods_in(admin_peers)):
        pods.update(_keys(selected.pods))
        namespaces.update(_keys(selected.namespaces))
    blocks.update(cidr for peer in admin_peers for cidr in peer.networks or ())
    return Vocabulary(
        homes=frozenset(policy.namespace for policy in policies),
        pod_keys=tuple(sorted(pods)),
        namespace_keys=tuple(sorted(namespaces)),
        edges=_edges(blocks),
        names_nodes=any(peer.nodes is not None for peer in admin_peers),
    )


def _edges(blocks: Iterable[str]) -> dict[int, list[int]]:
    edges: dict[int, set[int]] = {}
    for cidr in blocks:
        network = parse_network(cidr)
        found = edges.setdefault(network.version, set())
        found.add(int(network.network_address))
        found.add(int(network.broadcast_address) + 1)
    return {version: sorted(found) for version, found in edges.items()}


def _keys(selector: LabelSelector | None) -> Iterator[str]:
    if selector is not None:
        yield from selector.match_labels
        yield from (requirement.key for requirement in selector.match_expressions)


def _peers(policy: NetworkPolicy) -> Iterator[Peer]:
    for rules in (policy.ingress, policy.egress):
        for rule in rules or ():
            yield from rule.peers or ()


def _admin_peers(policy: AdminPolicy) -> Iterator[AdminPeer]:
    for rule in (*policy.ingress, *policy.egress):
        yield from rule.peers


def _pods_in(peers: Iterable[AdminPeer]) -> Iterator[PodsIn]:
    return (peer.pods for peer in peers if peer.pods is not None)
