"""What the rules of NetworkPolicies admit into each class of pods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import Direction, IPBlock, NetworkPolicy, Rule
from netprobe.oracle.isolation import rules_of
from netprobe.oracle.table.bits import NOBODY, Bits, positions
from netprobe.oracle.table.families import Families
from netprobe.oracle.table.population import Population
from netprobe.oracle.table.specs import Specs


class Ingress:
    """The sources that ingress rules admit, for each destination class and specification of ports."""

    def __init__(
        self,
        population: Population,
        policies: Iterable[NetworkPolicy],
        specs: Specs,
        means_pods: IpBlocksMeanPods,
    ) -> None:
        """Sort all rules by what they select; nothing is decided yet."""
        self._population = population
        self._means_pods = means_pods
        self.isolated = 0
        by_selected: dict[int, list[tuple[int, Rule, str]]] = {}
        for policy in policies:
            if Direction.INGRESS not in policy.policy_types:
                continue
            selected = population.isolated_by(policy.namespace, policy.pod_selector)
            self.isolated |= selected
            rules = by_selected.setdefault(selected, [])
            rules += [
                (specs.number(rule.ports), rule, policy.namespace)
                for rule in rules_of(policy, Direction.INGRESS)
            ]
        self._rules: list[list[Sequence[tuple[int, Rule, str]]]] = [[] for _ in population.classes]
        for selected, rules in by_selected.items():
            if rules:
                for number in positions(selected):
                    self._rules[number].append(rules)
        self._known: dict[tuple[int, int], Bits] = {}

    def admitted(self, number: int, families: Families) -> dict[int, Bits]:
        """Return, by specification of ports, the sources that the rules admit into a class."""
        found: dict[int, Bits] = {}
        for rules in self._rules[number]:
            for spec, rule, home in rules:
                found[spec] = found.get(spec, NOBODY) | self._sources(rule, home, families)
        return found

    def _sources(self, rule: Rule, home: str, families: Families) -> Bits:
        key = (id(rule), id(families))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._find(rule, home, families)
        return known

    def _find(self, rule: Rule, home: str, families: Families) -> Bits:
        everybody = self._population.everybody
        if not rule.peers:
            return Bits(everybody, everybody)
        found = NOBODY
        for peer in rule.peers:
            if peer.ip_block is not None:
                found |= self._block(peer.ip_block, families)
            else:
                meant = self._population.meant(peer, home)
                found |= Bits(meant & ~self._population.host_network, meant)
        return found

    def _block(self, block: IPBlock, families: Families) -> Bits:
        """An ipBlock against the sources' addresses (see ``oracle.rules``)."""
        version, held = self._population.held(block)
        held &= families.shared.get(version, 0)
        return by_block(held, families.strangers, self._population.host_network, self._means_pods)


def by_block(held: int, unknown: int, host_network: int, means_pods: IpBlocksMeanPods) -> Bits:
    """What a block admits: classes with an address in it, and classes whose address is not known.

    A pod on its node's network has the node's address, which blocks do mean.
    """
    certain = held & host_network
    possible = (held | unknown) & host_network
    pods = (held | unknown) & ~host_network
    match means_pods:
        case IpBlocksMeanPods.YES:
            return Bits(certain | (held & ~host_network), possible | pods)
        case IpBlocksMeanPods.NO:
            return Bits(certain, possible)
        case IpBlocksMeanPods.UNKNOWN:
            return Bits(certain, possible | pods)
