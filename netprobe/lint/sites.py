"""The pieces of policies that findings point at, each with its place and its path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.model.inventory import ObjectKey
from netprobe.model.place import Place
from netprobe.model.policy import Direction, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.oracle.isolation import rules_of

NOWHERE = Place(file="<unknown>")


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleSite:
    """A rule of a policy; ``number`` counts from 0."""

    policy: NetworkPolicy
    direction: Direction
    number: int
    rule: Rule

    @property
    def key(self) -> ObjectKey:
        """The policy's key."""
        return key_of(self.policy)

    @property
    def place(self) -> Place:
        """Where the rule stands, or else the policy."""
        return self.rule.place or place_of(self.policy)

    @property
    def path(self) -> str:
        """``spec.ingress[0]``."""
        return f"spec.{self.direction.lower()}[{self.number}]"

    @property
    def words(self) -> str:
        """``ingress rule 1``, as a person counts."""
        return f"{self.direction.lower()} rule {self.number + 1}"

    @property
    def peers_key(self) -> str:
        """``from`` or ``to``."""
        return "from" if self.direction is Direction.INGRESS else "to"

    def peers(self) -> Iterator[PeerSite]:
        """Yield the entries of ``from`` or ``to``."""
        for number, peer in enumerate(self.rule.peers or ()):
            yield PeerSite(at=self, number=number, peer=peer)

    def ports(self) -> Iterator[PortSite]:
        """Yield the entries of ``ports``."""
        for number, port in enumerate(self.rule.ports or ()):
            yield PortSite(at=self, number=number, port=port)


@dataclass(frozen=True, kw_only=True, slots=True)
class PeerSite:
    """An entry of ``from`` or ``to``."""

    at: RuleSite
    number: int
    peer: Peer

    @property
    def place(self) -> Place:
        """Where the entry stands, or else its rule."""
        return self.peer.place or self.at.place

    @property
    def path(self) -> str:
        """``spec.ingress[0].from[0]``."""
        return f"{self.at.path}.{self.at.peers_key}[{self.number}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class PortSite:
    """An entry of ``ports``."""

    at: RuleSite
    number: int
    port: PolicyPort

    @property
    def place(self) -> Place:
        """Where the entry stands, or else its rule."""
        return self.port.place or self.at.place

    @property
    def path(self) -> str:
        """``spec.ingress[0].ports[0]``."""
        return f"{self.at.path}.ports[{self.number}]"


def sites_of(policy: NetworkPolicy) -> Iterator[RuleSite]:
    """Yield the rules of a policy that count: those of the directions in its policyTypes."""
    for direction in Direction:
        if direction in policy.policy_types:
            for number, rule in enumerate(rules_of(policy, direction)):
                yield RuleSite(policy=policy, direction=direction, number=number, rule=rule)


def key_of(policy: NetworkPolicy) -> ObjectKey:
    """Return the key of a policy in an inventory."""
    return ("NetworkPolicy", policy.namespace, policy.name)


def place_of(policy: NetworkPolicy) -> Place:
    """Return where a policy stands."""
    return policy.place or NOWHERE
