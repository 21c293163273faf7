"""The truth table: the answer for every pair of pods, port and protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netprobe.model.admin_policy import AdminPolicy, Tier
from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import Direction, NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Topology
from netprobe.oracle.peers import Directory
from netprobe.oracle.table.bits import NOBODY, Bits
from netprobe.oracle.table.classes import PodClass, classify
from netprobe.oracle.table.egress import Egress
from netprobe.oracle.table.families import Families, families_of
from netprobe.oracle.table.ingress import Ingress
from netprobe.oracle.table.population import Population
from netprobe.oracle.table.specs import Specs
from netprobe.oracle.table.stages import Flowing, Stages, Target
from netprobe.oracle.table.vocabulary import vocabulary

Port = tuple[int, Protocol]


@dataclass(frozen=True, slots=True)
class _Row:
    """What the NetworkPolicies say about a destination class, by specification of ports."""

    families: Families
    into: dict[int, Bits]
    out: dict[int, Bits]
    near: int


class TruthTable:
    """Decides all flows by pod address between the classes of pods of a topology.

    Its answers are those of ``Oracle.between``; only its cost is another: it grows with the number of
    classes that the policies can tell apart, not with the number of pairs of pods.
    """

    def __init__(
        self,
        topology: Topology,
        policies: Sequence[NetworkPolicy],
        *,
        admin_policies: Sequence[AdminPolicy] = (),
        ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN,
    ) -> None:
        """Nothing may change afterwards."""
        words = vocabulary(policies, admin_policies)
        directory = Directory(topology.namespaces)
        self.classes: tuple[PodClass, ...] = classify(topology.pods, directory, words)
        self._population = Population(self.classes, directory, words)
        self._specs = Specs()
        self._into = Ingress(self._population, policies, self._specs, ip_blocks_mean_pods)
        self._out = Egress(self._population, policies, self._specs, ip_blocks_mean_pods)
        self._kept = tuple(policies), tuple(admin_policies)  # rules are remembered by identity
        self._stages = Stages(self._population, admin_policies, topology.nodes) if admin_policies else None
        self._families: dict[tuple[int, ...], Families] = {}
        self._rows: dict[int, _Row] = {}
        self._columns: dict[tuple[int, int, Protocol], Bits] = {}

    def answer(self, source: int, destination: int, port: int, protocol: Protocol) -> Answer:
        """Return the answer between two different pods, given by the numbers of their classes."""
        column = self.column(destination, port, protocol)
        if column.allow >> source & 1:
            return Answer.ALLOW
        return Answer.UNDEFINED if column.maybe >> source & 1 else Answer.DENY

    def ports(self, number: int) -> tuple[Port, ...]:
        """Return the ports of a class that can matter: those it declares.

        For pods that declare none: the numbers that rules about them name.
        """
        declared = self.classes[number].first.ports
        if declared:
            return tuple(dict.fromkeys((port.number, port.protocol) for port in declared))
        row = self._row(number)
        named = (port for spec in (*row.into, *row.out) for port in self._specs.numeric(spec))
        return tuple(dict.fromkeys(named))

    def column(self, number: int, port: int, protocol: Protocol) -> Bits:
        """Return who reaches a port of a class, as sets of the classes of the sources."""
        key = (number, port, protocol)
        found = self._columns.get(key)
        if found is None:
            found = self._columns[key] = self._decide(number, port, protocol)
        return found

    def _decide(self, number: int, port: int, protocol: Protocol) -> Bits:
        row = self._row(number)
        target = Target(number, port, protocol, row.families)
        return self._ingress(row, target) & self._egress(row, target)

    def _row(self, number: int) -> _Row:
        row = self._rows.get(number)
        if row is None:
            versions = self._population.versions(number)
            families = self._families.get(versions)
            if families is None:
                families = self._families[versions] = families_of(self._population, versions)
            row = self._rows[number] = _Row(
                families=families,
                into=self._into.admitted(number, families),
                out=self._out.admitted(number, families),
                near=self._population.on_node_network(number),
            )
        return row

    def _ingress(self, row: _Row, target: Target) -> Bits:
        everybody = self._population.everybody
        isolated = everybody if self._into.isolated >> target.number & 1 else 0
        if not isolated:
            by_policies = Bits(everybody, everybody)
        else:
            by_policies = self._by_rules(row.into, target) | Bits(0, row.near)
            if self._population.host_network >> target.number & 1:
                by_policies |= Bits(0, everybody)
        return self._through(Direction.INGRESS, target, isolated, by_policies)

    def _egress(self, row: _Row, target: Target) -> Bits:
        isolated = self._out.isolated
        free = self._population.everybody & ~isolated
        open_ends = (row.near | self._population.host_network) & isolated
        by_policies = self._by_rules(row.out, target).within(isolated) | Bits(free, free | open_ends)
        return self._through(Direction.EGRESS, target, isolated, by_policies)

    def _by_rules(self, admitted: dict[int, Bits], target: Target) -> Bits:
        first = self.classes[target.number].first
        found = NOBODY
        for spec, sources in admitted.items():
            if self._specs.admits(spec, target.port, target.protocol, first):
                found |= sources
        return found

    def _through(self, direction: Direction, target: Target, isolated: int, by_policies: Bits) -> Bits:
        """Put the cluster-wide tiers before and after what the NetworkPolicies say."""
        if self._stages is None:
            return by_policies
        flowing = Flowing(self._population.everybody)
        self._stages.walk(Tier.ADMIN, direction, target, flowing)
        decided = flowing.on & isolated
        flowing.allowed |= decided & by_policies.maybe
        flowing.denied |= decided & ~by_policies.allow
        flowing.on &= ~isolated
        self._stages.walk(Tier.BASELINE, direction, target, flowing)
        flowing.allowed |= flowing.on
        return Bits(flowing.allowed & ~flowing.denied, flowing.allowed)
