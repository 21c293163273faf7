"""Services become destination translation, written as nft chains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.lab.datapath.picture import Frontend
from netprobe.lab.datapath.rules import NodeRules

MASQUERADE = "0x4000"
"""Packet mark: the source must become the node's address, so that answers come back through the node."""


def service_lines(rules: NodeRules) -> Iterator[str]:
    """The maps and chains that translate ClusterIPs and node ports to endpoints.

    Connections to a port without endpoints stay untranslated; the forward and output chains refuse
    whatever still bears a ClusterIP. Everything is per connection: conntrack translates the rest.
    """
    served = [frontend for frontend in rules.frontends if frontend.backends]
    names = {frontend: f"service_{index}" for index, frontend in enumerate(served, 1)}
    for frontend, name in names.items():
        yield from _chain(name, frontend)
    by_address = [f"{one.cluster_ip} . {_port(one, one.port)} : goto {name}" for one, name in names.items()]
    yield from _verdict_map("services", "ipv4_addr . inet_proto . inet_service", by_address)
    by_node_port = [
        f"{_port(one, one.node_port)} : goto {name}" for one, name in names.items() if one.node_port
    ]
    yield from _verdict_map("node_ports", "inet_proto . inet_service", by_node_port)
    yield from _translation(rules)


def _port(frontend: Frontend, port: int) -> str:
    return f"{frontend.protocol.lower()} . {port}"


def _chain(name: str, frontend: Frontend) -> Iterator[str]:
    choices = ", ".join(
        f"{index} : {address} . {port}" for index, (address, port) in enumerate(frontend.backends)
    )
    picked = f"numgen random mod {len(frontend.backends)} map {{ {choices} }}"
    yield f"chain {name} {{"
    yield f"  meta l4proto {frontend.protocol.lower()} dnat ip addr . port to {picked}"
    yield "}"


def _verdict_map(name: str, key: str, elements: Sequence[str]) -> Iterator[str]:
    yield f"map {name} {{"
    yield f"  type {key} : verdict"
    if elements:
        yield f"  elements = {{ {', '.join(elements)} }}"
    yield "}"


def _translation(rules: NodeRules) -> Iterator[str]:
    """The NAT hooks. Pods keep their own address towards pods, nodes and the outside."""
    own_port = "fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto { tcp, udp, sctp }"
    yield "chain prerouting {"
    yield "  type nat hook prerouting priority dstnat; policy accept;"
    yield "  ip daddr . meta l4proto . th dport vmap @services"
    yield f"  {own_port} meta mark set meta mark or {MASQUERADE}"
    yield f"  {own_port} meta l4proto . th dport vmap @node_ports"
    yield "}"
    yield "chain translate_own {"
    yield "  type nat hook output priority -100; policy accept;"
    yield f"  meta mark set meta mark or {MASQUERADE}"
    yield "  ip daddr . meta l4proto . th dport vmap @services"
    yield f"  {own_port} meta l4proto . th dport vmap @node_ports"
    yield "}"
    yield "chain postrouting {"
    yield "  type nat hook postrouting priority srcnat; policy accept;"
    if rules.hairpins:
        yield f"  ct status dnat ip saddr . ip daddr @hairpins snat ip to {rules.address}"
    yield f"  ct status dnat meta mark and {MASQUERADE} == {MASQUERADE} snat ip to {rules.address}"
    yield "}"
