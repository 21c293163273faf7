"""What the rules of NetworkPolicies let out towards each class of pods."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import Direction, IPBlock, NetworkPolicy, Rule
from netprobe.oracle.isolation import rules_of
from netprobe.oracle.table.bits import NOBODY, Bits, positions
from netprobe.oracle.table.families import Families
from netprobe.oracle.table.ingress import by_block
from netprobe.oracle.table.population import Population
from netprobe.oracle.table.specs import Specs

_Block = tuple[int, int, int]
"""Specification of ports, the sources that the rule is for, the version of the block."""


class Egress:
    """The sources that egress rules let out, for each destination class and specification of ports."""

    def __init__(
        self,
        population: Population,
        policies: Iterable[NetworkPolicy],
        specs: Specs,
        means_pods: IpBlocksMeanPods,
    ) -> None:
        """Sort all rules by the destinations that they mean."""
        self._population = population
        self._means_pods = means_pods
        self._specs = specs
        self.isolated = 0
        self._for_all: dict[int, int] = {}
        self._by_meant: dict[tuple[int, int], int] = {}
        self._by_block: dict[tuple[int, int], list[tuple[int, IPBlock]]] = {}
        for policy in policies:
            if Direction.EGRESS in policy.policy_types:
                self._add(policy)
        count = len(population.classes)
        self._selectors: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for (meant, spec), sources in self._by_meant.items():
            for number in positions(meant):
                self._selectors[number].append((spec, sources))
        self._blocks: list[list[_Block]] = [[] for _ in range(count)]
        self._anywhere: list[tuple[int, int]] = []
        for (spec, sources), blocks in self._by_block.items():
            self._anywhere.append((spec, sources))
            for _, block in blocks:
                version, held = population.held(block)
                for number in positions(held):
                    self._blocks[number].append((spec, sources, version))

    def _add(self, policy: NetworkPolicy) -> None:
        sources = self._population.isolated_by(policy.namespace, policy.pod_selector)
        self.isolated |= sources
        if not sources:
            return
        for number, rule in enumerate(rules_of(policy, Direction.EGRESS)):
            self._add_rule(rule, number, policy.namespace, sources)

    def _add_rule(self, rule: Rule, number: int, home: str, sources: int) -> None:
        spec = self._specs.number(rule.ports)
        if not rule.peers:
            self._for_all[spec] = self._for_all.get(spec, 0) | sources
            return
        meant = 0
        for peer in rule.peers:
            if peer.ip_block is not None:
                self._by_block.setdefault((spec, sources), []).append((number, peer.ip_block))
            else:
                meant |= self._population.meant(peer, home)
        if meant:
            key = (meant, spec)
            self._by_meant[key] = self._by_meant.get(key, 0) | sources

    def admitted(self, number: int, families: Families) -> dict[int, Bits]:
        """Return, by specification of ports, the sources that the rules let out to a class."""
        found = {spec: Bits(sources, sources) for spec, sources in self._for_all.items()}
        on_host = bool(self._population.host_network >> number & 1)
        for spec, sources in self._selectors[number]:
            certain = 0 if on_host else sources
            found[spec] = found.get(spec, NOBODY) | Bits(certain, sources)
        if families.addressless:
            for spec, sources in self._anywhere:
                found[spec] = found.get(spec, NOBODY) | self._to(0, sources, on_host=on_host)
        for spec, sources, version in self._blocks[number]:
            held = sources & families.used.get(version, 0)
            found[spec] = found.get(spec, NOBODY) | self._to(held, 0, on_host=on_host)
        return found

    def _to(self, held: int, unknown: int, *, on_host: bool) -> Bits:
        """An ipBlock against the destination's address, for sources (see ``oracle.rules``)."""
        # Here the classes are sources, and it is the destination that is on its node's network, or not.
        host_network = self._population.everybody if on_host else 0
        return by_block(held, unknown, host_network, self._means_pods)
