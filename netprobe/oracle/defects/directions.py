"""Networks that isolate in the wrong directions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.model.policy import Direction, NetworkPolicy, Rule
from netprobe.oracle.defects.peers import EVERY_POD
from netprobe.oracle.defects.rewriting import isolating_only
from netprobe.oracle.isolation import rules_of


def nothing_enforced(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """No policy has any effect."""
    del policy
    yield from ()


def ingress_ignored(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """Nothing is isolated for ingress."""
    yield from isolating_only(policy, policy.policy_types - {Direction.INGRESS})


def egress_ignored(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """Nothing is isolated for egress."""
    yield from isolating_only(policy, policy.policy_types - {Direction.EGRESS})


def without_rules_ignored(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """A direction without rules is not isolated: "deny all" denies nothing."""
    types = frozenset(each for each in policy.policy_types if rules_of(policy, each))
    yield from isolating_only(policy, types)


def egress_without_rules_ignored(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """Egress without rules is not isolated."""
    empty = Direction.EGRESS in policy.policy_types and not rules_of(policy, Direction.EGRESS)
    yield from isolating_only(policy, policy.policy_types - ({Direction.EGRESS} if empty else set()))


def ingress_isolates_egress(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """A policy about ingress alone shuts egress, too."""
    if policy.policy_types == {Direction.INGRESS}:
        yield replace(policy, policy_types=frozenset(Direction), egress=())
    else:
        yield policy


def first_rule_only(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """Of the rules of a direction only the first counts."""
    yield replace(policy, ingress=_first(policy.ingress), egress=_first(policy.egress))


def _first(rules: tuple[Rule, ...] | None) -> tuple[Rule, ...] | None:
    return None if rules is None else rules[:1]


def empty_peers_admit_nobody(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """A rule without ``from`` (``to``) admits nobody instead of everybody."""
    yield replace(policy, ingress=_with_peers(policy.ingress), egress=_with_peers(policy.egress))


def _with_peers(rules: tuple[Rule, ...] | None) -> tuple[Rule, ...] | None:
    return None if rules is None else tuple(rule for rule in rules if rule.peers)


def egress_open_inside(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """Egress rules hold towards addresses outside only: every pod may be reached."""
    if Direction.EGRESS not in policy.policy_types:
        yield policy
        return
    inside = Rule(peers=EVERY_POD)
    yield replace(policy, egress=(*(policy.egress or ()), inside))
