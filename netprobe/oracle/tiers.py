"""The tiers of cluster-wide policies, before and after the NetworkPolicies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from netprobe.model.admin_policy import Action, AdminPolicy, AdminRule, Tier
from netprobe.model.policy import Direction, LabelSelector, Peer
from netprobe.model.topology import Node, Pod
from netprobe.oracle.addresses import parse
from netprobe.oracle.admin_match import as_peer, fails_closed, match_rule
from netprobe.oracle.contact import Contact
from netprobe.oracle.matching import Match, match
from netprobe.oracle.peers import Directory
from netprobe.oracle.selectors import selects


@dataclass(frozen=True, kw_only=True, slots=True)
class Met:
    """A rule (``number`` counts from 0) that is about the traffic, for certain or perhaps."""

    policy: AdminPolicy
    number: int
    rule: AdminRule
    certain: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """What a tier does with a contact.

    ``met``: the rules that may decide, in order; one that passes is among them. ``goes_on``: whether the
    traffic may come to the next tier. ``tie``: several policies of one priority say different things.
    """

    met: tuple[Met, ...] = ()
    goes_on: bool = True
    tie: bool = False


class Tiers:
    """All cluster-wide policies of a cluster."""

    def __init__(self, policies: Iterable[AdminPolicy], directory: Directory, nodes: Sequence[Node]) -> None:
        """Neither may change afterwards."""
        self._directory = directory
        self._nodes = {parse(address): node for node in nodes for address in node.addresses}
        compiled = sorted((_compile(policy) for policy in policies), key=lambda c: c.policy.priority)
        self._tiers = {
            tier: [
                tuple(group)
                for _, group in groupby(
                    (c for c in compiled if c.policy.tier is tier), key=lambda c: c.policy.priority
                )
            ]
            for tier in Tier
        }

    def walk(self, tier: Tier, direction: Direction, contact: Contact) -> Walk:
        """Ask the policies of a tier, lowest priority value first, about one end of a contact.

        Reference, priority: "Policies with lower priority values have higher precedence"; of two with the
        same one "the implementation can apply any of the matching policies". Rules of one policy: "the
        relative precedence [...] will be determined by the order in which the rule is written."
        """
        pod = contact.source if direction is Direction.EGRESS else contact.destination
        met: list[Met] = []
        for group in self._tiers[tier]:
            here = [tuple(self._met(each, direction, contact)) for each in group if self._is_about(each, pod)]
            flat = [found for several in here for found in several]
            met += flat
            if any(found.certain for found in flat):
                passes = any(found.rule.action is Action.PASS for found in met)
                said = {found.rule.action for found in flat}
                tie = sum(map(bool, here)) > 1 and len(said) > 1
                return Walk(met=tuple(met), goes_on=passes, tie=tie)
        return Walk(met=tuple(met))

    def _is_about(self, compiled: _Compiled, pod: Pod | None) -> bool:
        """Reference, subject: "host-networked pods are not included in subject selection"."""
        if pod is None or pod.host_network:
            return False
        return self._directory.means(compiled.subject, "", pod)

    def _met(self, compiled: _Compiled, direction: Direction, contact: Contact) -> Iterator[Met]:
        """The rules of one policy that may decide, up to the first that does for certain."""
        rules = compiled.ingress if direction is Direction.INGRESS else compiled.egress
        for number, (rule, pods) in enumerate(rules):
            found = self._match(rule, pods, direction, contact)
            if found is not Match.NO:
                acting = replace(rule, action=Action.DENY) if fails_closed(rule) else rule
                certain = found is Match.YES
                yield Met(policy=compiled.policy, number=number, rule=acting, certain=certain)
                if certain:
                    return

    def _match(
        self, rule: AdminRule, pods: Sequence[Peer | None], direction: Direction, contact: Contact
    ) -> Match:
        if fails_closed(rule):
            # Reference: an Allow rule is then "matching no traffic", a Deny or Pass rule a "Deny all" rule.
            return match(yes=rule.action is not Action.ALLOW)
        return match_rule(rule, pods, direction, contact, self)

    def means(self, peer: Peer, home: str, pod: Pod) -> bool:
        """Whether the peer's selectors mean the pod."""
        return self._directory.means(peer, home, pod)

    def is_node(self, selector: LabelSelector, address: str) -> Match:
        """Whether a node that the selector selects has the address; OPEN for an unknown address."""
        parsed = parse(address)
        if parsed is None:
            return Match.OPEN
        node = self._nodes.get(parsed)
        return match(yes=node is not None and selects(selector, node.labels))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Compiled:
    """A policy with the pods that its subject and peers mean as peers that the directory remembers."""

    policy: AdminPolicy
    subject: Peer
    ingress: tuple[tuple[AdminRule, tuple[Peer | None, ...]], ...]
    egress: tuple[tuple[AdminRule, tuple[Peer | None, ...]], ...]


def _compile(policy: AdminPolicy) -> _Compiled:
    return _Compiled(
        policy=policy,
        subject=as_peer(policy.subject),
        ingress=tuple((rule, _pods(rule)) for rule in policy.ingress),
        egress=tuple((rule, _pods(rule)) for rule in policy.egress),
    )


def _pods(rule: AdminRule) -> tuple[Peer | None, ...]:
    return tuple(None if peer.pods is None else as_peer(peer.pods) for peer in rule.peers)
