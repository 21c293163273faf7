"""What one rule of a policy says about a contact."""

from __future__ import annotations

from netprobe.model.decision import Answer
from netprobe.model.policy import Direction, IPBlock, Peer, Rule
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import holds, parse
from netprobe.oracle.answers import some
from netprobe.oracle.contact import Contact
from netprobe.oracle.peers import Directory
from netprobe.oracle.ports import admits_port


def judge_rule(rule: Rule, direction: Direction, home: str, contact: Contact, directory: Directory) -> Answer:
    """Return the rule's answer; ``home`` is the policy's namespace.

    Reference: NetworkPolicyIngressRule: "The traffic must match both ports and from"; from: "Items in
    this list are combined using a logical OR operation. If this field is empty or missing, this rule
    matches all sources". The same for egress and ``to``.
    """
    on_port = admits_port(rule.ports, contact.port, contact.protocol, contact.destination)
    if not rule.peers:
        return Answer.ALLOW if on_port else Answer.DENY
    return some(
        _judge_block(peer.ip_block, rule, direction, contact, on_port=on_port)
        if peer.ip_block is not None
        else _judge_selectors(peer, home, contact.remote(direction), directory, on_port=on_port)
        for peer in rule.peers
    )


def _judge_selectors(
    peer: Peer, home: str, remote: Pod | None, directory: Directory, *, on_port: bool
) -> Answer:
    """Selectors mean pods only: never a node or an external host (reference: NetworkPolicyPeer)."""
    if not on_port or remote is None:
        return Answer.DENY
    return Answer.ALLOW if directory.means(peer, home, remote) else Answer.DENY


def _judge_block(
    block: IPBlock, rule: Rule, direction: Direction, contact: Contact, *, on_port: bool
) -> Answer:
    """Judge an ipBlock, before and after address translation.

    Concept page, "Behavior of to and from selectors": ipBlock "selects particular IP CIDR ranges [...]
    These should be cluster-external IPs, since Pod IPs are ephemeral and unpredictable", and when the
    source or destination address is rewritten "it is not defined whether this happens before or after
    NetworkPolicy processing". So what a block says about a pod, or about only one of the two addresses,
    is left open.
    """
    address, remote = contact.remote_address(direction), contact.remote(direction)
    unknown = parse(address) is None  # a pod without an address yet, or a host known by name only
    after = on_port and (unknown or holds(block, address))
    before = after
    if direction is Direction.EGRESS and contact.virtual is not None:
        virtual, port = contact.virtual
        before = holds(block, virtual) and admits_port(
            rule.ports, port, contact.protocol, contact.destination
        )
    if not (before or after):
        return Answer.DENY
    certain = remote is None and not unknown and before == after
    return Answer.ALLOW if certain else Answer.UNDEFINED
