"""The lab's network as text for ``ip -batch -``: who is wired to whom, with which addresses.

One bridge in the lab's own network namespace joins the nodes (172.30.0.0/24). Pods are routed: a pod
is behind its own veth pair, has a /32 address and reaches everything through a link-local gateway.
(One bridge for all pods would overflow the kernel's neighbour table.) External hosts hang on the
fabric itself, each with a /32 route. Neighbour entries of pods and external hosts are permanent.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netprobe.lab.node.spec import Uplink

BRIDGE = "fabric"
FABRIC_ADDRESS = "172.30.0.1"
FABRIC_NETWORK = ipaddress.IPv4Network("172.30.0.0/24")
POD_NETWORK = ipaddress.IPv4Network("10.244.0.0/16")
SERVICE_NETWORK = ipaddress.IPv4Network("10.96.0.0/16")
GATEWAY = "169.254.1.1"
GATEWAY_MAC = "ee:ee:ee:ee:ee:ee"
POD_DEVICE = "eth0"
MAX_NODES = 200

ROUTER_SYSCTLS = {
    "net.ipv4.ip_forward": "1",
    "net.ipv4.conf.all.rp_filter": "0",  # a host's strict filter would be inherited otherwise
    "net.ipv4.conf.default.rp_filter": "0",
    "net.ipv4.conf.all.send_redirects": "0",
    "net.ipv4.conf.default.send_redirects": "0",
    "net.ipv4.icmp_ratelimit": "0",  # a rejected connection is refused each time, not six times
}
QUIET_SYSCTLS = {"net.ipv6.conf.default.disable_ipv6": "1"}
"""The lab speaks IPv4; this keeps devices from soliciting IPv6 routers (where there is IPv6)."""

CONNTRACK_SYSCTLS = {
    "net.netfilter.nf_conntrack_tcp_timeout_time_wait": "2",  # rounds of probes would fill the table
    "net.netfilter.nf_conntrack_tcp_timeout_close": "2",
    "net.netfilter.nf_conntrack_udp_timeout": "10",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A node's place: its ``index``, address on the fabric, and the network of its pods."""

    name: str
    index: int
    address: str
    pods: ipaddress.IPv4Network


def node_at(name: str, index: int) -> Node:
    """The place of the node number ``index`` (from 0)."""
    return Node(
        name=name,
        index=index,
        address=str(FABRIC_NETWORK[2 + index]),
        pods=ipaddress.IPv4Network(f"10.244.{index}.0/24"),
    )


def fabric_commands(nodes: Sequence[tuple[Node, int]]) -> Iterator[str]:
    """In the fabric's namespace: the bridge, a port for each (node, its process id), routes to the pods."""
    yield f"link add {BRIDGE} type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
    yield f"addr add {FABRIC_ADDRESS}/24 dev {BRIDGE}"
    yield f"link set {BRIDGE} up"
    for node, pid in nodes:
        port = f"node{node.index}"
        yield f"link add {port} type veth peer name {POD_DEVICE} netns {pid}"
        yield f"link set {port} master {BRIDGE}"
        yield f"link set {port} up"
        yield f"route add {node.pods} via {node.address}"


def node_commands(node: Node, others: Sequence[Node]) -> Iterator[str]:
    """In a node's namespace: its address, the other nodes' pods, the fabric for all else.

    An address of its own pods that no pod has is unreachable: without that route a packet for it
    would go round between the node and the fabric.
    """
    yield f"addr add {node.address}/24 dev {POD_DEVICE}"
    yield f"link set {POD_DEVICE} up"
    yield f"route add default via {FABRIC_ADDRESS}"
    yield f"route add unreachable {node.pods}"
    for other in others:
        if other.index != node.index:
            yield f"route add {other.pods} via {other.address}"


def attach_commands(device: str, address: str, pid: int, source: str) -> tuple[str, ...]:
    """Where it is attached: wire the sandbox whose init is ``pid``, and route ``address`` to it.

    ``source`` is the address that this end uses when it talks to the sandbox itself.
    """
    here, there = f"name {device} address {GATEWAY_MAC}", f"name {POD_DEVICE} address {mac_of(address)}"
    return (
        f"link add {here} type veth peer {there} netns {pid}",
        f"link set {device} up",
        f"neigh replace {address} lladdr {mac_of(address)} dev {device} nud permanent",
        f"route replace {address}/32 dev {device} scope link src {source}",
    )


def mac_of(address: str) -> str:
    """The Ethernet address of a sandbox: private, and unique because ``address`` is."""
    return "0a:58:" + ":".join(f"{byte:02x}" for byte in ipaddress.IPv4Address(address).packed)


def uplink_of(address: str) -> Uplink:
    """What the sandbox with ``address`` configures inside."""
    return Uplink(device=POD_DEVICE, address=address, gateway=GATEWAY, gateway_mac=GATEWAY_MAC)
