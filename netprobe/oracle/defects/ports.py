"""Networks that misread the ports of rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.model.policy import NetworkPolicy, PolicyPort, Rule
from netprobe.model.protocol import Protocol


def ports_ignored(rule: Rule) -> Iterator[Rule]:
    """A rule admits every port."""
    yield replace(rule, ports=None)


def protocols_ignored(port: PolicyPort) -> Iterator[PolicyPort]:
    """A port is admitted for every protocol."""
    yield from (replace(port, protocol=protocol) for protocol in Protocol)


def protocol_alone_ignored(port: PolicyPort) -> Iterator[PolicyPort]:
    """An entry with a protocol and no port admits nothing."""
    if port.port is not None:
        yield port


def names_ignored(port: PolicyPort) -> Iterator[PolicyPort]:
    """A port name admits nothing."""
    if not isinstance(port.port, str):
        yield port


def names_mean_every_port(port: PolicyPort) -> Iterator[PolicyPort]:
    """A port name admits every port of its protocol."""
    yield replace(port, port=None) if isinstance(port.port, str) else port


def end_port_ignored(port: PolicyPort) -> Iterator[PolicyPort]:
    """Of a range only the first port is admitted."""
    yield replace(port, end_port=None)


def ports_beside_blocks_ignored(rule: Rule) -> Iterator[Rule]:
    """A rule admits every port to the ipBlocks among its peers."""
    blocks = tuple(peer for peer in rule.peers or () if peer.ip_block is not None)
    yield rule
    if blocks:
        yield replace(rule, peers=blocks, ports=None)


def names_disable_policies(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """A policy with a port name anywhere has no effect."""
    rules = (*(policy.ingress or ()), *(policy.egress or ()))
    if not any(isinstance(port.port, str) for rule in rules for port in rule.ports or ()):
        yield policy


def sctp_disables_policies(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """A policy whose rules are about SCTP alone does not isolate."""
    rules = (*(policy.ingress or ()), *(policy.egress or ()))
    ports = [port for rule in rules for port in rule.ports or ()]
    if not ports or any(port.protocol is not Protocol.SCTP for port in ports):
        yield policy


def every_udp_port_admitted(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """UDP passes whatever the rules say."""
    udp = Rule(ports=(PolicyPort(protocol=Protocol.UDP),))
    yield replace(policy, ingress=(*(policy.ingress or ()), udp), egress=(*(policy.egress or ()), udp))
