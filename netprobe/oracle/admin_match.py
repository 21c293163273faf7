"""What a rule of a cluster-wide policy is about: its peers and ports against a contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol as Interface

from netprobe.model.admin_policy import AdminPeer, AdminPort, AdminRule, PodsIn
from netprobe.model.policy import Direction, LabelSelector, Peer
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import in_cidr, parse
from netprobe.oracle.contact import Contact
from netprobe.oracle.matching import Match, any_of, match


class Surroundings(Interface):
    """What is known of the cluster beside the contact itself."""

    def means(self, peer: Peer, home: str, pod: Pod) -> bool:
        """Whether the peer's selectors mean the pod."""
        ...

    def is_node(self, selector: LabelSelector, address: str) -> Match:
        """Whether a node that the selector selects has the address; OPEN for an unknown address."""
        ...


def as_peer(pods: PodsIn) -> Peer:
    """Return the peer of a NetworkPolicy that means the same pods, host-networked ones aside."""
    return Peer(namespace_selector=pods.namespaces, pod_selector=pods.pods or LabelSelector())


def fails_closed(rule: AdminRule) -> bool:
    """Whether a peer of the rule says nothing that is known here.

    Reference, peer types: "If an implementation sees no fields are set then it can infer that the
    deployed CRD is of an incompatible version with an unknown field. In that case it should fail closed."
    """
    return AdminPeer() in rule.peers


def match_rule(
    rule: AdminRule,
    pods: Sequence[Peer | None],
    direction: Direction,
    contact: Contact,
    surroundings: Surroundings,
) -> Match:
    """Whether the rule is about the contact; ``pods`` holds, for each peer, its pods as a Peer.

    Reference, from and to: "If any element matches the source of incoming traffic then the specified
    action is applied"; ports: "If Ports is not set then the rule does not filter traffic via port."
    """
    on_port = match_ports(rule.ports, contact.port, contact.protocol, contact.destination)
    if on_port is Match.NO:
        return Match.NO
    by_peer = any_of(
        _match_peer(peer, meant, direction, contact, surroundings)
        for peer, meant in zip(rule.peers, pods, strict=True)
    )
    return min(on_port, by_peer)


def _match_peer(
    peer: AdminPeer, meant: Peer | None, direction: Direction, contact: Contact, surroundings: Surroundings
) -> Match:
    remote = contact.remote(direction)
    on_pod_network = remote is not None and not remote.host_network
    if meant is not None:
        # Reference, peer types: "host-networked pods are not included in this type of peer".
        return match(yes=remote is not None and on_pod_network and surroundings.means(meant, "", remote))
    if peer.nodes is not None:
        # Reference, nodes: it matches "the IPs present in the node.Status.Addresses field".
        address = contact.remote_address(direction)
        return Match.NO if on_pod_network else surroundings.is_node(peer.nodes, address)
    if peer.networks is not None:
        return _match_networks(peer.networks, direction, contact)
    # domainNames: which addresses a name has is not known here; a pod is not meant by one.
    return Match.NO if remote is not None else Match.OPEN


def _match_networks(networks: tuple[str, ...], direction: Direction, contact: Contact) -> Match:
    """Hold the networks against an address, and against that of the Service which was dialled.

    Reference, networks: "cluster-internal traffic will be checked against the rule as well". Which of
    the two addresses of a Service is checked, it does not say.
    """
    address = contact.remote_address(direction)
    if parse(address) is None:
        return Match.OPEN
    after = any(in_cidr(cidr, address) for cidr in networks)
    before = after
    if direction is Direction.EGRESS and contact.virtual is not None:
        before = any(in_cidr(cidr, contact.virtual[0]) for cidr in networks)
    return match(yes=after) if before == after else Match.OPEN


def match_ports(
    ports: Sequence[AdminPort] | None, number: int, protocol: Protocol, destination: Pod | None
) -> Match:
    """Whether ``ports`` hold a port of the destination; None holds every port."""
    if ports is None:
        return Match.YES
    return match(yes=any(_holds(entry, number, protocol, destination) for entry in ports))


def _holds(entry: AdminPort, number: int, protocol: Protocol, destination: Pod | None) -> bool:
    """Whether one entry holds the port.

    Reference, AdminNetworkPolicyPort and ClusterNetworkPolicyProtocol: a number, a range with both its
    ends, a protocol alone, or the name of a container port of the destination pod.
    """
    if entry.protocol not in (None, protocol):
        return False
    if entry.port is None:
        return True
    if isinstance(entry.port, str):
        declared = destination.ports if destination is not None else ()
        return any(
            (port.name, port.number, port.protocol) == (entry.port, number, protocol) for port in declared
        )
    last = entry.port if entry.end_port is None else entry.end_port
    return entry.port <= number <= last
