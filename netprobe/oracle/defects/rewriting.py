"""Policies with every rule, or every peer of every rule, read differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.oracle.defects.defect import Reads

EachRule = Callable[[Rule], Iterator[Rule]]
EachPeer = Callable[[Peer], Iterator[Peer]]
EachPort = Callable[[PolicyPort], Iterator[PolicyPort]]
EachSelector = Callable[[LabelSelector], LabelSelector]


def by_rule(each: EachRule) -> Reads:
    """Read every rule by ``each``; a rule may become several, or none."""

    def read(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
        yield replace(policy, ingress=_rules(policy.ingress, each), egress=_rules(policy.egress, each))

    return read


def _rules(rules: tuple[Rule, ...] | None, each: EachRule) -> tuple[Rule, ...] | None:
    return None if rules is None else tuple(new for rule in rules for new in each(rule))


def by_peer(each: EachPeer) -> Reads:
    """Read every peer by ``each``; a rule that had peers and keeps none admits nobody."""

    def rule(old: Rule) -> Iterator[Rule]:
        if not old.peers:
            yield old
            return
        peers = tuple(new for peer in old.peers for new in each(peer))
        if peers:
            yield replace(old, peers=peers)

    return by_rule(rule)


def by_port(each: EachPort) -> Reads:
    """Read every port by ``each``; a rule that had ports and keeps none admits nothing."""

    def rule(old: Rule) -> Iterator[Rule]:
        if not old.ports:
            yield old
            return
        ports = tuple(new for port in old.ports for new in each(port))
        if ports:
            yield replace(old, ports=ports)

    return by_rule(rule)


def by_selector(each: EachSelector) -> Reads:
    """Read every selector by ``each``, that of the policy itself and those of peers."""

    def peer(old: Peer) -> Iterator[Peer]:
        pods, spaces = old.pod_selector, old.namespace_selector
        yield replace(
            old,
            pod_selector=None if pods is None else each(pods),
            namespace_selector=None if spaces is None else each(spaces),
        )

    read_peers = by_peer(peer)

    def read(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
        yield from read_peers(replace(policy, pod_selector=each(policy.pod_selector)))

    return read


def isolating_only(policy: NetworkPolicy, types: frozenset[Direction]) -> Iterator[NetworkPolicy]:
    """The policy with these directions only; none when it has neither."""
    if types:
        yield replace(policy, policy_types=types)
