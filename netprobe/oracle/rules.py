"""What one rule of a policy says about a contact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import Direction, IPBlock, Peer, Rule
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import holds, parse
from netprobe.oracle.answers import some
from netprobe.oracle.contact import Contact
from netprobe.oracle.ports import admits_port
from netprobe.oracle.reading import Reading


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a rule says when it is asked before, and when it is asked after address translation."""

    before: Answer
    after: Answer

    @property
    def together(self) -> Answer:
        """The answer that does not depend on when the rule is asked."""
        return self.after if self.before is self.after else Answer.UNDEFINED

    @property
    def admits_perhaps(self) -> bool:
        """Whether the rule does not deny in one reading at least."""
        return self.before is not Answer.DENY or self.after is not Answer.DENY


def judge_rule(rule: Rule, direction: Direction, home: str, contact: Contact, reading: Reading) -> Verdicts:
    """Return what the rule says; ``home`` is the policy's namespace.

    Reference: NetworkPolicyIngressRule: "The traffic must match both ports and from"; from: "Items in
    this list are combined using a logical OR operation. If this field is empty or missing, this rule
    matches all sources". The same for egress and ``to``.
    """
    on_port = admits_port(rule.ports, contact.port, contact.protocol, contact.destination)
    if not rule.peers:
        return _alike(Answer.ALLOW if on_port else Answer.DENY)
    return any_of(
        _judge_block(peer.ip_block, rule, direction, contact, reading, on_port=on_port)
        if peer.ip_block is not None
        else _alike(_judge_selectors(peer, home, contact.remote(direction), reading, on_port=on_port))
        for peer in rule.peers
    )


def any_of(verdicts: Iterable[Verdicts]) -> Verdicts:
    """OR, for the peers of a rule and for rules: each reading by itself."""
    found = tuple(verdicts)
    return Verdicts(some(each.before for each in found), some(each.after for each in found))


def _alike(answer: Answer) -> Verdicts:
    return Verdicts(answer, answer)


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
) -> Verdicts:
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
    about_pods = not is_pod or means_pods is IpBlocksMeanPods.YES
    admits = Answer.ALLOW if about_pods and not unknown else Answer.UNDEFINED
    later = admits if after else Answer.DENY
    if direction is Direction.INGRESS or contact.virtual is None:
        return _alike(later)
    virtual, port = contact.virtual
    if not admits_port(rule.ports, port, contact.protocol, contact.destination):
        return Verdicts(Answer.DENY, later)
    # A Service's address is no pod's: what the block says of it depends on nothing else.
    early = Answer.ALLOW if holds(block, virtual) else Answer.DENY
    return Verdicts(early if virtual else Answer.UNDEFINED, later)
