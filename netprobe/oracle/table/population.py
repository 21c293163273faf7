"""The classes of pods, indexed: which of them a selector, a block or a namespace means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from netprobe.model.policy import IPBlock, LabelSelector, Operator, Peer, Requirement
from netprobe.oracle.addresses import parse
from netprobe.oracle.peers import Directory
from netprobe.oracle.selectors import selects
from netprobe.oracle.table.classes import PodClass
from netprobe.oracle.table.vocabulary import Vocabulary


class Population:
    """Sets of classes, each as the bits of an int: bit n is the class with number n."""

    def __init__(self, classes: Sequence[PodClass], directory: Directory, words: Vocabulary) -> None:
        """Index every class by what the policies can see of it."""
        self.classes = tuple(classes)
        self.everybody = (1 << len(classes)) - 1
        self.host_network = _bits(classes, lambda c: c.first.host_network)
        self._directory = directory
        self._words = words
        self._by_label: dict[tuple[str, str], int] = defaultdict(int)
        self._by_key: dict[str, int] = defaultdict(int)
        self._by_namespace: dict[str, int] = defaultdict(int)
        self._by_point: dict[tuple[int, int], int] = defaultdict(int)
        self._by_node: dict[str, int] = defaultdict(int)
        self.by_version: dict[int, int] = defaultdict(int)
        for number, each in enumerate(classes):
            self._add(1 << number, each)
        self._selected: dict[object, int] = {}
        self._spaces: dict[object, int] = {}

    def _add(self, bit: int, each: PodClass) -> None:
        pod = each.first
        # Classes of namespaces without policies may span several: all have the labels of the first.
        self._by_namespace[pod.namespace] |= bit
        self._by_node[pod.node] |= bit
        for key in self._words.pod_keys:
            value = pod.labels.get(key)
            if value is not None:
                self._by_label[key, value] |= bit
                self._by_key[key] |= bit
        for address in pod.ips:
            point = self._words.point(address)
            if point is not None:
                self._by_point[point] |= bit
                self.by_version[point[0]] |= bit

    def isolated_by(self, namespace: str, selector: LabelSelector) -> int:
        """The classes of a namespace that the selector selects."""
        return self._by_namespace.get(namespace, 0) & self.selected(selector)

    def selected(self, selector: LabelSelector) -> int:
        """The classes whose labels the selector selects."""
        key = _content(selector)
        found = self._selected.get(key)
        if found is None:
            found = self.everybody
            for name, value in selector.match_labels.items():
                found &= self._by_label.get((name, value), 0)
            for requirement in selector.match_expressions:
                found &= self._meeting(requirement)
            self._selected[key] = found
        return found

    def _meeting(self, requirement: Requirement) -> int:
        key = requirement.key
        match requirement.operator:
            case Operator.IN:
                return self._with_value(requirement)
            case Operator.NOT_IN:
                return self.everybody & ~self._with_value(requirement)
            case Operator.EXISTS:
                return self._by_key.get(key, 0)
            case Operator.DOES_NOT_EXIST:
                return self.everybody & ~self._by_key.get(key, 0)

    def _with_value(self, requirement: Requirement) -> int:
        found = 0
        for value in requirement.values:
            found |= self._by_label.get((requirement.key, value), 0)
        return found

    def in_namespaces(self, selector: LabelSelector) -> int:
        """The classes in namespaces whose labels the selector selects."""
        key = _content(selector)
        found = self._spaces.get(key)
        if found is None:
            found = 0
            for namespace, members in self._by_namespace.items():
                if selects(selector, self._directory.labels(namespace)):
                    found |= members
            self._spaces[key] = found
        return found

    def meant(self, peer: Peer, home: str) -> int:
        """The classes that the selectors of a peer mean, in a policy of namespace ``home``."""
        if peer.namespace_selector is not None:
            found = self.in_namespaces(peer.namespace_selector)
        else:
            found = self._by_namespace.get(home, 0)
        return found if peer.pod_selector is None else found & self.selected(peer.pod_selector)

    def held(self, block: IPBlock) -> tuple[int, int]:
        """The version of a block, and the classes with an address in it."""
        version, found = self.within(block.cidr)
        for hole in block.excluded:
            other, missing = self.within(hole)
            if other == version:
                found &= ~missing
        return version, found

    def within(self, cidr: str) -> tuple[int, int]:
        """The version of a CIDR, and the classes with an address in it."""
        version, intervals = self._words.points(cidr)
        found = 0
        for interval in intervals:
            found |= self._by_point.get((version, interval), 0)
        return version, found

    def versions(self, number: int) -> tuple[int, ...]:
        """The versions of the addresses of a class, in their order."""
        parsed = (parse(address) for address in self.classes[number].first.ips)
        return tuple(address.version for address in parsed if address is not None)

    def on_node_network(self, number: int) -> int:
        """The classes between which and this one traffic is, or may be, to or from the own node."""
        if not self.host_network:
            return 0
        pod = self.classes[number].first
        near = self.everybody
        if pod.node:
            near = self._by_node.get(pod.node, 0) | self._by_node.get("", 0)
        return near if pod.host_network else near & self.host_network


def _bits(classes: Sequence[PodClass], fits: Callable[[PodClass], bool]) -> int:
    return sum(1 << number for number, each in enumerate(classes) if fits(each))


def _content(selector: LabelSelector) -> object:
    return _pairs(selector.match_labels), selector.match_expressions


def _pairs(labels: Mapping[str, str]) -> object:
    return tuple(sorted(labels.items()))
