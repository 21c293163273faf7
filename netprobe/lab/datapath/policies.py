"""NetworkPolicies become allowances of single pods (networking.k8s.io/v1).

A pod is isolated in a direction when at least one policy of its namespace selects it and names the
direction in policyTypes; then only what some rule of some such policy admits gets through. Policies
add up; none of them denies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, collapse_addresses, ip_network

from netprobe.lab.datapath.addresses import address_set, block_networks
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.rules import AddressSet, Allowance, PortRange
from netprobe.lab.datapath.selectors import selects
from netprobe.model.policy import Direction, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.model.topology import ContainerPort, Pod

ENDED = frozenset({"Succeeded", "Failed"})


def owns_address(pod: Pod) -> bool:
    """Whether the pod has an address of its own: running or starting, and not on the host's network.

    The address of an ended pod may belong to another pod already. A hostNetwork pod has its
    node's address, so its traffic counts as the node's.
    """
    return bool(pod.ips) and not pod.host_network and pod.phase not in ENDED


class PolicyCompiler:
    """Compiles the policies of one picture; what pods share is worked out once."""

    def __init__(self, picture: Picture) -> None:
        self._pods = tuple(
            (pod, IPv4Address(pod.ips[0]))
            for pod in sorted(picture.pods, key=lambda pod: (pod.namespace, pod.name))
            if owns_address(pod)
        )
        self._namespace_labels = {namespace.name: namespace.labels for namespace in picture.namespaces}
        self._policies: dict[str, list[NetworkPolicy]] = defaultdict(list)
        for policy in sorted(picture.policies, key=lambda policy: (policy.namespace, policy.name)):
            self._policies[policy.namespace].append(policy)
        self._allowances: dict[
            tuple[str, str, Direction, tuple[ContainerPort, ...]], tuple[Allowance, ...]
        ] = {}

    @property
    def pods(self) -> Sequence[tuple[Pod, IPv4Address]]:
        """The pods that own an address, with it, sorted by namespace and name."""
        return self._pods

    def allowances(self, pod: Pod, direction: Direction) -> tuple[Allowance, ...] | None:
        """What the policies admit for ``pod`` in ``direction``; None when none isolates it."""
        isolating = [
            policy
            for policy in self._policies.get(pod.namespace, ())
            if direction in policy.policy_types and selects(policy.pod_selector, pod.labels)
        ]
        if not isolating:
            return None
        return tuple(
            allowance for policy in isolating for allowance in self._of_policy(policy, pod, direction)
        )

    def _of_policy(self, policy: NetworkPolicy, pod: Pod, direction: Direction) -> tuple[Allowance, ...]:
        """The allowances of one policy, which depend on the pod only through its named ports."""
        declared = pod.ports if direction is Direction.INGRESS else ()
        key = (policy.namespace, policy.name, direction, declared)
        if key not in self._allowances:
            rules = policy.ingress if direction is Direction.INGRESS else policy.egress
            self._allowances[key] = tuple(
                allowance
                for index, rule in enumerate(rules or (), 1)
                for allowance in self._of_rule(
                    f"{policy.namespace}/{policy.name} {direction.lower()} rule {index}",
                    rule,
                    policy.namespace,
                    declared if direction is Direction.INGRESS else None,
                )
            )
        return self._allowances[key]

    def _of_rule(
        self, origin: str, rule: Rule, namespace: str, declared: Sequence[ContainerPort] | None
    ) -> Iterator[Allowance]:
        """``declared`` are the ports of the ingress pod; None means egress."""
        peers = self._peers_of(rule, namespace)
        if declared is None:
            allowances = self._with_ports_of_peers(origin, peers, rule)
        else:
            allowances = _with_ports_of_pod(origin, peers, rule, declared)
        excepted = _excepted(rule)
        return (replace(one, excepted=excepted) for one in allowances) if excepted else allowances

    def _peers_of(self, rule: Rule, namespace: str) -> AddressSet | None:
        """The addresses of a rule's peers; no or empty ``from``/``to`` means everyone (None)."""
        if not rule.peers:
            return None
        addresses: set[IPv4Address] = set()
        networks: list[IPv4Network] = []
        for peer in rule.peers:
            if peer.ip_block is not None:
                networks.extend(block_networks(peer.ip_block))
            else:
                addresses.update(self._selected(peer, namespace))
        return address_set(addresses, networks)

    def _selected(self, peer: Peer, namespace: str) -> Iterator[IPv4Address]:
        """The pods that a peer's selectors take.

        NetworkPolicyPeer: without namespaceSelector the pods of the policy's own namespace are
        meant; without podSelector all pods of the selected namespaces; both together are ANDed.
        """
        for pod, address in self._pods:
            if peer.namespace_selector is None:
                in_namespace = pod.namespace == namespace
            else:
                in_namespace = selects(peer.namespace_selector, self._namespace_labels.get(pod.namespace, {}))
            if in_namespace and (peer.pod_selector is None or selects(peer.pod_selector, pod.labels)):
                yield address

    def _with_ports_of_peers(self, origin: str, peers: AddressSet | None, rule: Rule) -> Iterator[Allowance]:
        """Egress: a named port is looked up on each destination pod, so one rule may become several."""
        fixed = _fixed_ports(rule)
        if fixed is None or fixed:
            yield Allowance(origin=origin, peers=peers, ports=fixed)
        by_port: dict[PortRange, list[IPv4Address]] = defaultdict(list)
        for port in rule.ports or ():
            if isinstance(port.port, str):
                for resolved, addresses in self._carriers.get((port.protocol, port.port), {}).items():
                    by_port[resolved].extend(one for one in addresses if peers is None or one in peers)
        for resolved, addresses in sorted(by_port.items()):
            yield Allowance(origin=origin, peers=address_set(addresses, ()), ports=(resolved,))

    @cached_property
    def _carriers(self) -> Mapping[tuple[str, str], Mapping[PortRange, list[IPv4Address]]]:
        """Which pods declare a port name, by (protocol, name) and by the number it stands for."""
        carriers: dict[tuple[str, str], dict[PortRange, list[IPv4Address]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for pod, address in self._pods:
            for port in pod.ports:
                if port.name:
                    number = PortRange(protocol=port.protocol, first=port.number, last=port.number)
                    carriers[port.protocol, port.name][number].append(address)
        return carriers


def _with_ports_of_pod(
    origin: str, peers: AddressSet | None, rule: Rule, own_ports: Sequence[ContainerPort]
) -> Iterator[Allowance]:
    """Ingress: the destination is the isolated pod itself, so named ports are its own."""
    fixed = _fixed_ports(rule)
    if fixed is None:
        yield Allowance(origin=origin, peers=peers)
        return
    named = {
        PortRange(protocol=declared.protocol, first=declared.number, last=declared.number)
        for port in rule.ports or ()
        for declared in own_ports
        if isinstance(port.port, str) and (declared.protocol, declared.name) == (port.protocol, port.port)
    }
    ports = tuple(sorted({*fixed, *named}))
    if ports:
        yield Allowance(origin=origin, peers=peers, ports=ports)


def _excepted(rule: Rule) -> tuple[IPv4Network, ...]:
    """What the rule's ipBlocks except, without overlaps."""
    blocks = (peer.ip_block for peer in rule.peers or () if peer.ip_block is not None)
    networks = (ip_network(text, strict=False) for block in blocks for text in block.excluded)
    return tuple(collapse_addresses(one for one in networks if isinstance(one, IPv4Network)))


def _fixed_ports(rule: Rule) -> tuple[PortRange, ...] | None:
    """The ports of a rule that need no lookup; None when the rule names no ports at all."""
    if not rule.ports:
        return None
    return tuple(sorted({_range(port) for port in rule.ports if not isinstance(port.port, str)}))


def _range(port: PolicyPort) -> PortRange:
    """NetworkPolicyPort: no port is every port of the protocol; endPort makes an inclusive range."""
    if not isinstance(port.port, int):
        return PortRange(protocol=port.protocol)
    last = port.port if port.end_port is None else port.end_port
    return PortRange(protocol=port.protocol, first=port.port, last=last)
