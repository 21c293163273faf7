"""Whether pods may ask the cluster's DNS."""

from __future__ import annotations

import ipaddress

from netprobe.lint.scene import Scene
from netprobe.lint.sites import RuleSite, sites_of
from netprobe.model.decision import Answer
from netprobe.model.policy import Direction, Peer, Rule
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import holds
from netprobe.oracle.ports import admits_port

ASKED = (Protocol.UDP, Protocol.TCP)
"""A resolver asks by UDP, and again by TCP when an answer does not fit."""


def dns_rules(scene: Scene, pod: Pod, protocol: Protocol) -> list[RuleSite]:
    """Return the egress rules that let a pod ask the DNS over a protocol."""
    return [
        site
        for policy in scene.isolating(pod, Direction.EGRESS)
        for site in sites_of(policy)
        if site.direction is Direction.EGRESS and reaches_dns(scene, site, protocol)
    ]


def may_ask(scene: Scene, pod: Pod, protocol: Protocol) -> bool:
    """Whether a pod may ask the DNS over a protocol: by its NetworkPolicies or by a policy above them."""
    if not scene.isolating(pod, Direction.EGRESS) or dns_rules(scene, pod, protocol):
        return True
    return bool(scene.inventory.admin_policies) and any(
        scene.answer(Direction.EGRESS, pod, dns, number, protocol) is Answer.ALLOW
        for dns in scene.dns.pods
        for number in scene.dns.ports(protocol)
    )


def reaches_dns(scene: Scene, site: RuleSite, protocol: Protocol) -> bool:
    """Whether an egress rule admits DNS over a protocol."""
    if not on_dns_port(scene, site.rule, protocol):
        return False
    peers = site.rule.peers
    return not peers or any(_peer_reaches(scene, peer, site) for peer in peers)


def on_dns_port(scene: Scene, rule: Rule, protocol: Protocol) -> bool:
    """Whether a rule admits a port of the DNS pods for DNS, or 53, which its Service has."""
    numbers = scene.dns.ports(protocol) | {53}
    return any(admits_port(rule.ports, number, protocol, pod) for pod in scene.dns.pods for number in numbers)


def names_dns_port(scene: Scene, rule: Rule) -> bool:
    """Whether a rule speaks of DNS by its ports, rather than of every port."""
    return bool(rule.ports) and any(on_dns_port(scene, rule, protocol) for protocol in ASKED)


def _peer_reaches(scene: Scene, peer: Peer, site: RuleSite) -> bool:
    if peer.ip_block is not None:
        # A block on port 53 is a nameserver outside, or the cache of the node: the author means DNS.
        named = names_dns_port(scene, site.rule)
        everywhere = ipaddress.ip_network(peer.ip_block.cidr, strict=False).prefixlen == 0
        block = peer.ip_block
        return named or everywhere or any(holds(block, address) for address in scene.dns.addresses)
    if any(scene.is_meant(peer, site.policy.namespace, pod) for pod in scene.dns.pods):
        return True
    # The labels of a namespace that is not in the input are not known: believe a rule about port 53.
    unknown = scene.dns.namespace not in scene.declared and not scene.dns.known
    return unknown and peer.namespace_selector is not None and names_dns_port(scene, site.rule)
