"""An inventory as the rules look at it: who selects whom, one pod of each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeVar, cast

from netprobe.lint.dns_pods import DnsPods, find_dns
from netprobe.lint.selecting import keys_used
from netprobe.lint.sites import PeerSite, RuleSite, sites_of
from netprobe.model.decision import Answer
from netprobe.model.inventory import Inventory, ObjectKey
from netprobe.model.place import Place
from netprobe.model.policy import Direction, NetworkPolicy, Peer
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.answers import some
from netprobe.oracle.contact import Contact, dialled
from netprobe.oracle.decide import Oracle
from netprobe.oracle.isolation import Isolation, rules_of
from netprobe.oracle.lookup import is_finished
from netprobe.oracle.peers import Directory, means_labels
from netprobe.oracle.reading import Reading
from netprobe.oracle.rules import judge_rule
from netprobe.oracle.selectors import selects

T = TypeVar("T")

ALWAYS_THERE = ("default", "kube-system", "kube-public", "kube-node-lease")
"""Namespaces of every cluster, declared or not."""


class Scene:
    """Lookups over an inventory. Replicas that no policy can tell apart are one pod here.

    ``pods`` are those of the inventory. ``everyone`` has the cluster's DNS beside them: where the
    inventory holds none, a stand-in with the labels that kubeadm and its like give it.
    """

    def __init__(self, inventory: Inventory) -> None:
        """Index the inventory, which does not change."""
        topology = inventory.topology
        self.inventory = inventory
        self.policies = inventory.policies
        self.directory = Directory(topology.namespaces)
        living = (pod for pod in topology.pods if not is_finished(pod))
        self.pods = tuple(_kinds(living, keys_used(inventory)))
        self.dns: DnsPods = find_dns(topology, self.pods)
        self.everyone = self.pods if self.dns.known else (*self.pods, *self.dns.pods)
        self._isolation = Isolation(self.policies)
        self._oracle = Oracle(topology, self.policies, admin_policies=inventory.admin_policies)
        self._homes: dict[str, list[Pod]] = defaultdict(list)
        for pod in self.pods:
            self._homes[pod.namespace].append(pod)
        self._selected: dict[int, tuple[Pod, ...]] = {}
        self._reading = Reading(directory=self.directory)
        self._found: dict[Callable[[Scene], object], object] = {}
        self._meant: dict[tuple[int, str], tuple[Pod, ...]] = {}

    @property
    def declared(self) -> frozenset[str]:
        """The namespaces that the inventory itself holds."""
        written = {name for kind, _, name in self.inventory.places if kind == "Namespace"}
        named = {each.name for each in self.inventory.topology.namespaces}
        return frozenset(written if self.inventory.places else named)

    @property
    def namespaces(self) -> Mapping[str, Mapping[str, str]]:
        """The labels of every namespace that is declared, has pods, or is part of every cluster."""
        names = {each.name for each in self.inventory.topology.namespaces}
        names |= {pod.namespace for pod in self.everyone} | set(ALWAYS_THERE)
        return {name: self.directory.labels(name) for name in sorted(names)}

    def at_home(self, namespace: str) -> tuple[Pod, ...]:
        """Return the pods of a namespace."""
        return tuple(self._homes.get(namespace, ()))

    def is_known(self, pod: Pod) -> bool:
        """Whether the inventory holds the pod, and it is no stand-in."""
        return self.dns.known or all(pod is not each for each in self.dns.pods)

    def selected(self, policy: NetworkPolicy) -> tuple[Pod, ...]:
        """Return the pods that a policy selects."""
        found = self._selected.get(id(policy))
        if found is None:
            found = tuple(p for p in self.at_home(policy.namespace) if selects(policy.pod_selector, p.labels))
            self._selected[id(policy)] = found
        return found

    def isolating(self, pod: Pod, direction: Direction) -> tuple[NetworkPolicy, ...]:
        """Return the policies that isolate a pod in a direction."""
        return self._isolation.of(pod, direction)

    def is_meant(self, peer: Peer, home: str, pod: Pod) -> bool:
        """Whether the selectors of a peer mean a pod; also for peers that no policy holds."""
        if peer.pod_selector is None and peer.namespace_selector is None:
            return False
        return self.directory.means_namespace(peer, home, pod) and means_labels(peer, pod)

    def meant(self, peer: Peer, home: str) -> tuple[Pod, ...]:
        """Return the pods, the DNS included, that the selectors of a policy's peer mean."""
        found = self._meant.get((id(peer), home))
        if found is None:
            found = tuple(pod for pod in self._around(peer, home) if self.is_meant(peer, home, pod))
            self._meant[id(peer), home] = found
        return found

    def _around(self, peer: Peer, home: str) -> Iterator[Pod]:
        """The pods of the namespaces that a peer means, and the stand-in for the DNS."""
        selector = peer.namespace_selector
        for name, pods in self._homes.items():
            labels = self.directory.labels(name)
            if name == home if selector is None else selects(selector, labels):
                yield from pods
        if not self.dns.known:
            yield from self.dns.pods

    def rules(self) -> Iterator[RuleSite]:
        """Yield every rule of every policy that counts."""
        for policy in self.policies:
            yield from sites_of(policy)

    def answer(
        self, direction: Direction, source: Pod, destination: Pod, port: int, protocol: Protocol
    ) -> Answer:
        """Return what all policies of one end say about a flow between two pods that are no nodes.

        Without cluster-wide policies the rules are asked directly: no reasons have to be written.
        """
        if self.inventory.admin_policies:
            decision = self._oracle.between(source, destination, port, protocol)
            end = decision.egress if direction is Direction.EGRESS else decision.ingress
            return decision.answer if end is None else end.answer
        isolating = self.isolating(source if direction is Direction.EGRESS else destination, direction)
        if not isolating:
            return Answer.ALLOW
        address = dialled(source, destination)
        contact = Contact(
            source=source, destination=destination, address=address, port=port, protocol=protocol
        )
        return some(
            judge_rule(rule, direction, policy.namespace, contact, self._reading).together
            for policy in isolating
            for rule in rules_of(policy, direction)
        )

    def once(self, find: Callable[[Scene], T]) -> T:
        """Return what ``find`` finds here, the same object every time."""
        if find not in self._found:
            self._found[find] = find(self)
        return cast("T", self._found[find])

    def peers(self) -> Iterator[PeerSite]:
        """Yield every entry of ``from`` and ``to`` of the rules that count."""
        for site in self.rules():
            yield from site.peers()

    def ignores(self, key: ObjectKey, rule: str) -> bool:
        """Whether the object says that the rule does not concern it."""
        return rule in self.inventory.lint_ignores.get(key, ())

    def place(self, key: ObjectKey) -> Place | None:
        """Return where an object stands, None when no file holds it."""
        return self.inventory.places.get(key)


def _kinds(pods: Iterable[Pod], keys: Collection[str]) -> Iterator[Pod]:
    """Yield one pod of each kind: of a workload, with the same ports and the same labels under ``keys``."""
    seen: set[object] = set()
    for pod in pods:
        labels = frozenset(item for item in pod.labels.items() if item[0] in keys)
        kind = (pod.namespace, pod.workload or pod.name, labels, pod.ports, pod.host_network)
        if kind not in seen:
            seen.add(kind)
            yield pod
