"""The tiers of cluster-wide policies, for all sources of a destination at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from netprobe.model.admin_policy import Action, AdminPeer, AdminPolicy, AdminRule, PodsIn, Tier
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Node
from netprobe.oracle.addresses import parse
from netprobe.oracle.admin_match import as_peer, fails_closed, match_ports
from netprobe.oracle.matching import Match
from netprobe.oracle.selectors import selects
from netprobe.oracle.table.bits import NOBODY, Bits
from netprobe.oracle.table.families import Families
from netprobe.oracle.table.population import Population


@dataclass(slots=True)
class Flowing:
    """The sources whose traffic may still come here (``on``), and what may have been said before."""

    on: int
    allowed: int = 0
    denied: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """A port of a destination class, and who reaches it by which family."""

    number: int
    port: int
    protocol: Protocol
    families: Families


class Stages:
    """The rules of all cluster-wide policies against a population."""

    def __init__(
        self, population: Population, policies: Iterable[AdminPolicy], nodes: Sequence[Node]
    ) -> None:
        """Keep the policies in the order in which they are asked."""
        self._population = population
        self._nodes = {parse(address): node for node in nodes for address in node.addresses}
        ordered = sorted(policies, key=lambda policy: policy.priority)
        self._groups = {
            tier: [
                tuple(group)
                for _, group in groupby((p for p in ordered if p.tier is tier), key=lambda p: p.priority)
            ]
            for tier in Tier
        }
        self._pods: dict[int, int] = {}

    def walk(self, tier: Tier, direction: Direction, target: Target, flowing: Flowing) -> None:
        """Let the traffic through a tier; ``flowing`` then says what may have become of it.

        The same rules as in ``oracle.tiers``: whatever may match may decide, and only what matches for
        certain ends the walk.
        """
        passed = 0
        for group in self._groups[tier]:
            ended = 0
            for policy in group:
                reach = flowing.on & self._about(policy, direction, target)
                for rule in policy.ingress if direction is Direction.INGRESS else policy.egress:
                    if not reach:
                        break
                    hit = self._hit(rule, direction, target)
                    passed |= self._say(rule, hit.within(reach), flowing)
                    ended |= hit.allow & reach
                    reach &= ~hit.allow
            flowing.on &= ~ended
        flowing.on |= passed

    def _say(self, rule: AdminRule, hit: Bits, flowing: Flowing) -> int:
        """Write down what the rule says; return the sources that it passes on to the next tier."""
        action = Action.DENY if fails_closed(rule) else rule.action
        match action:
            case Action.ALLOW:
                flowing.allowed |= hit.maybe
            case Action.DENY:
                flowing.denied |= hit.maybe
            case Action.PASS:
                return hit.maybe
        return 0

    def _about(self, policy: AdminPolicy, direction: Direction, target: Target) -> int:
        """The sources for which the policy's subject is the end at hand."""
        subject = self._on_pod_network(policy.subject)
        if direction is Direction.EGRESS:
            return subject
        return self._population.everybody if subject >> target.number & 1 else 0

    def _on_pod_network(self, pods: PodsIn) -> int:
        found = self._pods.get(id(pods))
        if found is None:
            meant = self._population.meant(as_peer(pods), "")
            found = self._pods[id(pods)] = meant & ~self._population.host_network
        return found

    def _hit(self, rule: AdminRule, direction: Direction, target: Target) -> Bits:
        """The sources whose traffic the rule is about: ``allow`` for certain, ``maybe`` perhaps."""
        everybody = self._population.everybody
        if fails_closed(rule):
            return NOBODY if rule.action is Action.ALLOW else Bits(everybody, everybody)
        first = self._population.classes[target.number].first
        if match_ports(rule.ports, target.port, target.protocol, first) is Match.NO:
            return NOBODY
        found = NOBODY
        for peer in rule.peers:
            found |= self._peer(peer, direction, target)
        return found

    def _peer(self, peer: AdminPeer, direction: Direction, target: Target) -> Bits:
        everybody = self._population.everybody
        if peer.pods is not None:
            meant = self._on_pod_network(peer.pods)
            if direction is Direction.EGRESS:
                meant = everybody if meant >> target.number & 1 else 0
            return Bits(meant, meant)
        if peer.networks is not None:
            if direction is Direction.INGRESS:
                return self._from_networks(peer.networks, target)
            return self._to_networks(peer.networks, target)
        if peer.nodes is None or direction is Direction.INGRESS:
            return NOBODY  # domain names mean no pod; the API has nodes for egress only
        return self._node(peer, target)

    def _node(self, peer: AdminPeer, target: Target) -> Bits:
        everybody = self._population.everybody
        first = self._population.classes[target.number].first
        if not first.host_network or peer.nodes is None:
            return NOBODY
        if target.families.addressless:
            return Bits(0, everybody)
        chosen = 0
        for address in first.ips:
            parsed = parse(address)
            node = self._nodes.get(parsed)
            if parsed is not None and node is not None and selects(peer.nodes, node.labels):
                chosen |= target.families.used.get(parsed.version, 0)
        return Bits(chosen, chosen)

    def _from_networks(self, networks: tuple[str, ...], target: Target) -> Bits:
        """Networks in ingress rules, which only a misread policy has (see ``oracle.defects``)."""
        found = 0
        for cidr in networks:
            version, held = self._population.within(cidr)
            found |= held & target.families.shared.get(version, 0)
        return Bits(found, found | target.families.strangers)

    def _to_networks(self, networks: tuple[str, ...], target: Target) -> Bits:
        if target.families.addressless:
            return Bits(0, self._population.everybody)
        chosen = 0
        for cidr in networks:
            version, held = self._population.within(cidr)
            if held >> target.number & 1:
                chosen |= target.families.used.get(version, 0)
        return Bits(chosen, chosen)
