"""Cases as Cyclonus (policy-assistant) generates them: a base policy on x/a in which one thing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.oracle.vectors.grid import A, among, on, spaces
from tests.oracle.vectors.step import Step

PRIMARY = {
    "action": (
        "create-policy", "delete-policy", "update-policy", "create-pod", "delete-pod", "set-pod-labels",
        "create-namespace", "delete-namespace", "set-namespace-labels",
    ),
    "target": ("target-namespace", "target-pod-selector"),
    "direction": ("ingress", "egress"),
    "rule": ("deny-all", "allow-all", "any-peer", "any-port-protocol", "multi-peer", "multi-port/protocol"),
    "peer-pods": (
        "all-pods", "pods-by-label", "all-namespaces", "namespaces-by-label", "policy-namespace",
        "namespaces-by-default-label",
    ),
    "peer-ipblock": ("ip-block-no-except", "ip-block-with-except"),
    "port": ("any-port", "numbered-port", "named-port", "end-port"),
    "protocol": ("tcp", "udp", "sctp"),
    "miscellaneous": ("pathological", "conflict", "example", "upstream-e2e"),
}  # fmt: skip
_PRIMARY_OF = {tag: primary for primary, tags in PRIMARY.items() for tag in tags}


@dataclass(frozen=True, kw_only=True)
class Case:
    """``name`` with its builder is unique; a tag brings the category that it belongs to."""

    builder: str
    name: str
    tags: frozenset[str]
    steps: tuple[Step, ...]

    @property
    def id(self) -> str:
        return f"{self.builder}: {self.name}"


def case(builder, name, tags, *steps):
    found = frozenset(tags)
    return Case(builder=builder, name=name, tags=found | {_PRIMARY_OF[tag] for tag in found}, steps=steps)


DIRECTIONS = ("ingress", "egress")
TCP_80 = {"port": 80, "protocol": "TCP"}
DNS = {"ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]}
FROM = spaces(among("ns", "x", "y"), among("pod", "b", "c"))
TO = spaces(among("ns", "y", "z"), among("pod", "a", "b"))
PEERS = {"ingress": "x/b x/c y/b y/c", "egress": "y/a y/b z/a z/b"}
"""Whom the base policy admits, by hand."""
BOTH = {"ingress": f"<- {PEERS['ingress']} on TCP 80", "egress": f"-> {PEERS['egress']} on TCP 80"}


def base(home="x", selector=A, **changes):
    """The base policy. ``changes`` of ingress and egress are whole lists of rules."""
    rules = {
        "ingress": [{"from": [FROM], "ports": [TCP_80]}],
        "egress": [{"to": [TO], "ports": [TCP_80]}, DNS],
    }
    return on(home, selector, name="base", **(rules | changes))


def with_peers(direction, peers):
    return base(**{direction: _first_rule(direction, peers, [TCP_80])})


def with_ports(direction, ports):
    peers = [FROM] if direction == "ingress" else [TO]
    return base(**{direction: _first_rule(direction, peers, ports)})


def _first_rule(direction, peers, ports):
    if direction == "ingress":
        return [{"from": peers, "ports": ports}]
    return [{"to": peers, "ports": ports}, DNS]


def lines(direction, peers, ports="TCP 80") -> Iterator[str]:
    """The lines of the base policy with other peers and ports in one direction; "" for no port."""
    arrow = "<-" if direction == "ingress" else "->"
    yield f"x/a {arrow} {peers} on {ports}" if ports else f"x/a {arrow} none"
    yield from (f"x/a {text}" for other, text in BOTH.items() if other != direction)
