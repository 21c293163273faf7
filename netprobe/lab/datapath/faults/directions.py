"""Faults of directions and isolation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address

from netprobe.lab.datapath.faults.rewriting import (
    EVERYTHING,
    each_policy,
    each_rule,
    rules_of,
    without_directions,
)
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Profile
from netprobe.lab.datapath.rules import AddressSet, Allowance, NodeRules, PodRules
from netprobe.model.policy import Direction, NetworkPolicy, Peer, Rule

INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS


def _egress_ignored(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    yield without_directions(policy, EGRESS)


def _ingress_ignored(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    yield without_directions(policy, INGRESS)


def _deny_all_ignored(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    yield without_directions(policy, *(each for each in Direction if not rules_of(policy, each)))


def _deny_all_egress_ignored(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    yield policy if policy.egress else without_directions(policy, EGRESS)


def _ingress_isolates_egress(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """A policy for ingress alone has no egress rules, so nothing may leave the pods that it selects."""
    yield replace(policy, policy_types=policy.policy_types | {EGRESS})


def _egress_open_inside(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    to_every_pod = Rule(peers=(Peer(namespace_selector=EVERYTHING),))
    yield replace(policy, egress=(*rules_of(policy, EGRESS), to_every_pod))


def _first_rule_only(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    yield replace(policy, ingress=rules_of(policy, INGRESS)[:1], egress=rules_of(policy, EGRESS)[:1])


def _absent_peers_admit_nobody(rule: Rule) -> Iterator[Rule]:
    if rule.peers:
        yield rule


def _egress_beats_ingress(rules: NodeRules, picture: Picture) -> NodeRules:
    """What a pod may send is accepted at once: a pod of the same node never asks its own rules."""
    del picture

    def let_in(pod: PodRules) -> PodRules:
        if pod.ingress is None:
            return pod
        admitted = tuple(
            Allowance(
                origin=allowance.origin, peers=AddressSet(addresses=(other.address,)), ports=allowance.ports
            )
            for other in rules.pods
            for allowance in other.egress or ()
            if allowance.peers is None or IPv4Address(pod.address) in allowance.peers
        )
        return replace(pod, ingress=(*pod.ingress, *admitted))

    return replace(rules, pods=tuple(map(let_in, rules.pods)))


DIRECTIONS = (
    Profile(
        name="ingress-only",
        description="Enforces ingress; egress rules and isolation are ignored.",
        cites=("weave-no-egress",),
        see=each_policy(_egress_ignored),
    ),
    Profile(
        name="egress-only",
        description="Enforces egress; ingress rules and isolation are ignored.",
        cites=("azure-npm-namedport",),
        see=each_policy(_ingress_ignored),
    ),
    Profile(
        name="deny-all-ignored",
        description="A direction without rules isolates nobody.",
        cites=("eks-first-create-noop", "antrea-deny-all-egress"),
        see=each_policy(_deny_all_ignored),
    ),
    Profile(
        name="deny-all-egress-ignored",
        description="Egress without rules isolates nobody.",
        cites=("antrea-deny-all-egress",),
        see=each_policy(_deny_all_egress_ignored),
    ),
    Profile(
        name="ingress-isolates-egress",
        description="A policy for ingress alone shuts the egress of its pods, too.",
        cites=("aws-v6-ingress-kills-egress", "kindnet-orbstack-ingress-breaks-egress"),
        see=each_policy(_ingress_isolates_egress),
    ),
    Profile(
        name="egress-open-inside",
        description="Enforces egress towards the outside only, not towards pods.",
        cites=("kuberouter-egress-incluster",),
        see=each_policy(_egress_open_inside),
    ),
    Profile(
        name="egress-beats-ingress",
        description="What an egress rule lets out is let in by every pod of the same node.",
        cites=("kuberouter-egress-beats-ingress",),
        enforce=_egress_beats_ingress,
    ),
    Profile(
        name="first-rule-only",
        description="Of the rules of a direction, the first counts.",
        cites=("antrea-two-egress",),
        see=each_policy(_first_rule_only),
    ),
    Profile(
        name="absent-peers-admit-nobody",
        description="A rule without from or to admits nobody instead of everybody.",
        cites=("weave-nil-from",),
        see=each_rule(_absent_peers_admit_nobody),
    ),
)
