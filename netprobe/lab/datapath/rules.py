"""The compiled rules of a node: who may send what to whom, before it is written as nft text."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from netprobe.lab.datapath.picture import Frontend
from netprobe.model.protocol import Protocol

LAST_PORT = 65535


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressSet:
    """IPv4 addresses (of pods) and networks (of ipBlocks), sorted; the two never overlap.

    Addresses are kept as text: these sets are compared and hashed a lot, and text is quick at that.
    """

    addresses: tuple[str, ...] = ()
    networks: tuple[IPv4Network, ...] = ()

    def __bool__(self) -> bool:
        """Whether any address is in the set."""
        return bool(self.addresses or self.networks)

    def __contains__(self, address: IPv4Address) -> bool:
        """Whether the set holds ``address``."""
        return str(address) in self.addresses or any(address in network for network in self.networks)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class PortRange:
    """The ports ``first`` to ``last`` of a protocol, both included; 0 to 65535 is every port."""

    protocol: Protocol
    first: int = 0
    last: int = LAST_PORT

    @property
    def is_whole(self) -> bool:
        """Whether every port of the protocol is meant."""
        return self.first <= 0 and self.last >= LAST_PORT


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """What one policy rule admits: ``peers`` None is everyone, ``ports`` None every port and protocol.

    ``origin`` names the policy rule for people who read the rules. ``excepted`` is what its ipBlocks
    except, which by itself says nothing. ``denies`` makes the opposite of it; no policy means that,
    only a faulty network does.
    """

    origin: str
    peers: AddressSet | None = None
    ports: tuple[PortRange, ...] | None = None
    excepted: tuple[IPv4Network, ...] = ()
    denies: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PodRules:
    """The rules of one pod on this node; a direction that is None is not isolated."""

    address: str
    ingress: tuple[Allowance, ...] | None = None
    egress: tuple[Allowance, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeRules:
    """Everything that one node enforces and translates.

    ``pod_cidr`` is the network of the node's pods ("" when unknown), ``guarded`` the same when a pod
    that the rules do not know yet must stay shut, else "". ``hairpins`` are the node's pods that stand
    behind a Service: a connection to themselves through it needs source translation to come back
    through the node. ``weather`` are nft statements that every forwarded packet meets first,
    ``shortcuts`` those that it meets before the policies; a sound network in good weather has neither.
    """

    node: str
    address: str
    pods: tuple[PodRules, ...] = ()
    pod_cidr: str = ""
    guarded: str = ""
    hairpins: tuple[str, ...] = ()
    frontends: tuple[Frontend, ...] = ()
    cluster_ips: tuple[str, ...] = ()
    weather: tuple[str, ...] = ()
    shortcuts: tuple[str, ...] = ()
