"""Networks that misread the peers of rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.model.policy import IPBlock, LabelSelector, NetworkPolicy, Operator, Peer, Requirement, Rule
from netprobe.oracle.addresses import parse_network

EVERY_POD = (Peer(namespace_selector=LabelSelector()),)
"""Peers that mean every pod of every namespace."""


def peers_ignored(rule: Rule) -> Iterator[Rule]:
    """A rule admits everybody on its ports."""
    yield replace(rule, peers=None)


def selectors_ored(peer: Peer) -> Iterator[Peer]:
    """Both selectors of one peer mean either, instead of both (AND read as OR)."""
    if peer.pod_selector is not None and peer.namespace_selector is not None:
        yield replace(peer, pod_selector=None)
        yield replace(peer, namespace_selector=None)
    else:
        yield peer


def pods_ignored_beside_namespaces(peer: Peer) -> Iterator[Peer]:
    """Beside a namespaceSelector the podSelector is not looked at."""
    yield replace(peer, pod_selector=None) if peer.namespace_selector is not None else peer


def namespaces_ignored_beside_pods(peer: Peer) -> Iterator[Peer]:
    """Beside a podSelector the namespaceSelector is not looked at: pods of every namespace fit."""
    if peer.pod_selector is not None and peer.namespace_selector is not None:
        yield replace(peer, namespace_selector=LabelSelector())
    else:
        yield peer


def pods_of_every_namespace(peer: Peer) -> Iterator[Peer]:
    """A podSelector alone means pods of every namespace, not only of the policy's own."""
    if peer.pod_selector is not None and peer.namespace_selector is None:
        yield replace(peer, namespace_selector=LabelSelector())
    else:
        yield peer


def namespaces_mean_nobody(peer: Peer) -> Iterator[Peer]:
    """A peer with a namespaceSelector admits nobody."""
    if peer.namespace_selector is None:
        yield peer


def first_peer_only(rule: Rule) -> Iterator[Rule]:
    """Of the peers of a rule only the first counts."""
    yield replace(rule, peers=None if rule.peers is None else rule.peers[:1])


def expressions_ignored(selector: LabelSelector) -> LabelSelector:
    """What is in matchExpressions is not looked at."""
    return replace(selector, match_expressions=())


def first_value_only(selector: LabelSelector) -> LabelSelector:
    """Of the values of an In only the first counts."""
    return replace(selector, match_expressions=tuple(map(_first_value, selector.match_expressions)))


def _first_value(requirement: Requirement) -> Requirement:
    if requirement.operator is not Operator.IN:
        return requirement
    return replace(requirement, values=requirement.values[:1])


def negations_ignored(selector: LabelSelector) -> LabelSelector:
    """NotIn and DoesNotExist are not looked at."""
    kept = tuple(
        requirement
        for requirement in selector.match_expressions
        if requirement.operator in (Operator.IN, Operator.EXISTS)
    )
    return replace(selector, match_expressions=kept)


def own_selector_opens(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """Ingress from the very pods that a policy selects is ingress from everybody."""

    def opened(rule: Rule) -> Rule:
        alike = any(
            peer.pod_selector == policy.pod_selector and peer.namespace_selector is None
            for peer in rule.peers or ()
        )
        return replace(rule, peers=None) if alike else rule

    yield replace(policy, ingress=None if policy.ingress is None else tuple(map(opened, policy.ingress)))


def blocks_ignored(peer: Peer) -> Iterator[Peer]:
    """An ipBlock admits nobody."""
    if peer.ip_block is None:
        yield peer


def exceptions_ignored(peer: Peer) -> Iterator[Peer]:
    """``except`` is not looked at."""
    if peer.ip_block is None:
        yield peer
    else:
        yield replace(peer, ip_block=IPBlock(cidr=peer.ip_block.cidr))


def exceptions_disable_blocks(peer: Peer) -> Iterator[Peer]:
    """An ipBlock with ``except`` admits nobody."""
    if peer.ip_block is None or not peer.ip_block.excluded:
        yield peer


def last_rule_for_a_block(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """A block of addresses is known for the last rule alone that has it, whatever it excepts."""
    yield replace(policy, ingress=_last_blocks(policy.ingress), egress=_last_blocks(policy.egress))


def _last_blocks(rules: tuple[Rule, ...] | None) -> tuple[Rule, ...] | None:
    if rules is None:
        return None
    last = {
        parse_network(peer.ip_block.cidr): number
        for number, rule in enumerate(rules)
        for peer in rule.peers or ()
        if peer.ip_block is not None
    }
    kept: list[Rule] = []
    for number, rule in enumerate(rules):
        peers = tuple(
            peer
            for peer in rule.peers or ()
            if peer.ip_block is None or last[parse_network(peer.ip_block.cidr)] == number
        )
        if not rule.peers or peers:
            kept.append(replace(rule, peers=peers if rule.peers else rule.peers))
    return tuple(kept)
