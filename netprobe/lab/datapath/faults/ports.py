"""Faults of ports, port names, ranges and protocols."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.lab.datapath.faults.rewriting import (
    each_policy,
    each_port,
    each_rule,
    rules_of,
    without_directions,
)
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Profile
from netprobe.lab.datapath.rules import NodeRules
from netprobe.model.policy import Direction, NetworkPolicy, PolicyPort, Rule
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod


def _ports_ignored(rule: Rule) -> Iterator[Rule]:
    yield replace(rule, ports=None)


def _ports_beside_blocks_ignored(rule: Rule) -> Iterator[Rule]:
    """The rule, and beside it its ipBlocks with every port."""
    yield rule
    blocks = tuple(peer for peer in rule.peers or () if peer.ip_block is not None)
    if blocks:
        yield replace(rule, peers=blocks, ports=None)


def _protocols_ignored(port: PolicyPort) -> Iterator[PolicyPort]:
    return (replace(port, protocol=protocol) for protocol in Protocol)


def _protocol_alone_ignored(port: PolicyPort) -> Iterator[PolicyPort]:
    if port.port is not None:
        yield port


def _names_ignored(port: PolicyPort) -> Iterator[PolicyPort]:
    if not isinstance(port.port, str):
        yield port


def _names_open(port: PolicyPort) -> Iterator[PolicyPort]:
    yield replace(port, port=None) if isinstance(port.port, str) else port


def _names_disable_policies(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    rules = (rule for direction in Direction for rule in rules_of(policy, direction))
    if not any(isinstance(port.port, str) for rule in rules for port in rule.ports or ()):
        yield policy


def _one_pod_per_name(picture: Picture) -> Picture:
    """Only the first pod that declares a port by some name keeps the name."""
    carriers: dict[tuple[str, str], Pod] = {}
    for pod in picture.pods:
        for port in pod.ports:
            carriers.setdefault((port.protocol, port.name), pod)

    def forgetful(pod: Pod) -> Pod:
        ports = (
            port if carriers[port.protocol, port.name] is pod else replace(port, name="")
            for port in pod.ports
        )
        return replace(pod, ports=tuple(ports))

    return replace(picture, pods=tuple(map(forgetful, picture.pods)))


def _range_ends_ignored(port: PolicyPort) -> Iterator[PolicyPort]:
    yield replace(port, end_port=None)


def _sctp_disables_policies(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    def is_about_sctp(direction: Direction) -> bool:
        rules = rules_of(policy, direction)
        return bool(rules) and all(
            rule.ports and all(port.protocol is Protocol.SCTP for port in rule.ports) for rule in rules
        )

    yield without_directions(policy, *filter(is_about_sctp, Direction))


def _udp_open(rules: NodeRules, picture: Picture) -> NodeRules:
    del picture
    return replace(rules, shortcuts=(*rules.shortcuts, "meta l4proto udp accept"))


PORTS = (
    Profile(
        name="ports-ignored",
        description="Rules admit every port.",
        cites=("azure-npm-namedport", "cilium-default-port"),
        see=each_rule(_ports_ignored),
    ),
    Profile(
        name="ports-beside-ipblock-ignored",
        description="Rules admit every port to and from their ipBlocks.",
        cites=("weave-ipblock-ignores-port",),
        see=each_rule(_ports_beside_blocks_ignored),
    ),
    Profile(
        name="protocols-ignored",
        description="A port is admitted for every protocol.",
        cites=("calico-default-tcp",),
        see=each_port(_protocols_ignored),
    ),
    Profile(
        name="protocol-alone-ignored",
        description="A protocol without a port admits nothing.",
        cites=("ovn-no-port-protocol", "antrea-proto-noport-crash"),
        see=each_port(_protocol_alone_ignored),
    ),
    Profile(
        name="named-ports-ignored",
        description="Port names admit nothing.",
        cites=("weave-namedport", "aws-namedport-missing"),
        see=each_port(_names_ignored),
    ),
    Profile(
        name="named-ports-open",
        description="Port names admit every port of their protocol.",
        cites=("azure-npm-namedport",),
        see=each_port(_names_open),
    ),
    Profile(
        name="named-ports-disable-policies",
        description="A policy in which a port name occurs is skipped.",
        cites=("kuberouter-namedport-skip",),
        see=each_policy(_names_disable_policies),
    ),
    Profile(
        name="named-ports-one-pod",
        description="A port name is known for the first pod alone that declares it.",
        cites=("kuberouter-namedport-oneip",),
        see=_one_pod_per_name,
    ),
    Profile(
        name="endport-ignored",
        description="Of a range of ports, the first is admitted.",
        cites=("azure-endport", "cilium-endport", "kuberouter-endport-old"),
        see=each_port(_range_ends_ignored),
    ),
    Profile(
        name="udp-open",
        description="UDP passes unfiltered.",
        cites=("windows-npm-gaps",),
        enforce=_udp_open,
    ),
    Profile(
        name="sctp-disables-policies",
        description="Rules about SCTP alone isolate nobody.",
        cites=("sctp-gaps",),
        see=each_policy(_sctp_disables_policies),
    ),
)
