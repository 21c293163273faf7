"""The ports of a rule."""

from __future__ import annotations

from collections.abc import Sequence

from netprobe.model.policy import PolicyPort
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod


def admits_port(
    ports: Sequence[PolicyPort] | None, number: int, protocol: Protocol, destination: Pod | None
) -> bool:
    """Whether a rule with these ``ports`` admits a port of the destination; entries are ORed.

    Reference: NetworkPolicyIngressRule (EgressRule) ports: "Each item in this list is combined using a
    logical OR. If this field is empty or missing, this rule matches all ports".
    """
    return not ports or any(_admits(entry, number, protocol, destination) for entry in ports)


def _admits(entry: PolicyPort, number: int, protocol: Protocol, destination: Pod | None) -> bool:
    """Whether one entry admits the port.

    Reference: NetworkPolicyPort, protocol: TCP when not specified (the model has it filled in);
    port: "If this field is not provided, this matches all port names and numbers. If present, only
    traffic on the specified protocol AND port will be matched"; endPort: "the range of ports from
    port to endPort", both included.
    """
    if entry.protocol is not protocol:
        return False
    if entry.port is None:
        return True
    if isinstance(entry.port, str):
        return number in resolve(entry.port, protocol, destination)
    last = entry.port if entry.end_port is None else entry.end_port
    return entry.port <= number <= last


def resolve(name: str, protocol: Protocol, destination: Pod | None) -> frozenset[int]:
    """Return the numbers that the destination pod gives a port name, for one protocol.

    Reference: NetworkPolicyPort, port: "This can either be a numerical or named port on a pod." So the
    destination pod says what a name means, for ingress and for egress; a host that is no pod names no
    port, and a name that the pod does not declare for this protocol means none.
    """
    if destination is None:
        return frozenset()
    declared = destination.ports
    return frozenset(p.number for p in declared if p.name == name and p.protocol is protocol)
