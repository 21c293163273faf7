"""What one rule of a policy says about a contact."""

from __future__ import annotations

from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import Direction, IPBlock, Peer, Rule
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import holds, parse
from netprobe.oracle.answers import some
from netprobe.oracle.contact import Contact
from netprobe.oracle.ports import admits_port
from netprobe.oracle.reading import Reading


def judge_rule(rule: Rule, direction: Direction, home: str, contact: Contact, reading: Reading) -> Answer:
    """Return the rule's answer; ``home`` is the policy's namespace.

    Reference: NetworkPolicyIngressRule: "The traffic must match both ports and from"; from: "Items in
    this list are combined using a logical OR operation. If this field is empty or missing, this rule
    matches all sources". The same for egress and ``to``.
    """
    on_port = admits_port(rule.ports, contact.port, contact.protocol, contact.destination)
    if not rule.peers:
        return Answer.ALLOW if on_port else Answer.DENY
    return some(
        _judge_block(peer.ip_block, rule, direction, contact, reading, on_port=on_port)
        if peer.ip_block is not None
        else _judge_selectors(peer, home, contact.remote(direction), reading, on_port=on_port)
        for peer in rule.peers
    )


def _judge_selectors(peer: Peer, home: str, remote: Pod | None, reading: Reading, *, on_port: bool) -> Answer:
    """Selectors mean pods only: never a node or an external host (reference: NetworkPolicyPeer).

    Concept page, "NetworkPolicy and hostNetwork pods": a network may see a hostNetwork pod as a pod,
    or ignore it "when matching podSelector and namespaceSelector". So selectors that mean it leave the
    answer open.
    """
    if not on_port or remote is None or not reading.directory.means(peer, home, remote):
        return Answer.DENY
    return Answer.UNDEFINED if remote.host_network else Answer.ALLOW


def _judge_block(
    block: IPBlock, rule: Rule, direction: Direction, contact: Contact, reading: Reading, *, on_port: bool
) -> Answer:
    """Judge an ipBlock, before and after address translation.

    Concept page, "Behavior of to and from selectors": ipBlock "selects particular IP CIDR ranges [...]
    These should be cluster-external IPs, since Pod IPs are ephemeral and unpredictable", and when the
    source or destination address is rewritten "it is not defined whether this happens before or after
    NetworkPolicy processing". So what a block says about a pod depends on the network at hand, and what
    it says about only one of the two addresses is left open. Pods on the network of their node have the
    node's address, and "their connections will be treated as node connections".
    """
    address, remote = contact.remote_address(direction), contact.remote(direction)
    is_pod = remote is not None and not remote.host_network
    means_pods = reading.ip_blocks_mean_pods
    unknown = parse(address) is None  # a pod without an address yet, or a host known by name only
    after = (
        on_port and (unknown or holds(block, address)) and not (is_pod and means_pods is IpBlocksMeanPods.NO)
    )
    before = after
    if direction is Direction.EGRESS and contact.virtual is not None:
        virtual, port = contact.virtual
        before = holds(block, virtual) and admits_port(
            rule.ports, port, contact.protocol, contact.destination
        )
    if not (before or after):
        return Answer.DENY
    about_pods = not is_pod or means_pods is IpBlocksMeanPods.YES
    return Answer.ALLOW if about_pods and not unknown and before == after else Answer.UNDEFINED
