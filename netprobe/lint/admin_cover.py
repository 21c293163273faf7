"""Whether a rule of a cluster-wide policy takes all the traffic of a later one."""

from __future__ import annotations

import ipaddress

from netprobe.lint.covering import covers, covers_block
from netprobe.model.admin_policy import AdminPeer, AdminPort, AdminRule
from netprobe.model.policy import IPBlock, LabelSelector


def shadows(earlier: AdminRule, later: AdminRule) -> bool:
    """Whether ``earlier`` matches all that ``later`` could match; "no" only means it was not shown."""
    by_peer = all(any(_covers_peer(wide, narrow) for wide in earlier.peers) for narrow in later.peers)
    return bool(later.peers) and by_peer and _covers_ports(earlier, later)


def _covers_ports(earlier: AdminRule, later: AdminRule) -> bool:
    if earlier.ports is None:
        return True
    if later.ports is None:
        return False
    return all(any(_covers_port(wide, narrow) for wide in earlier.ports) for narrow in later.ports)


def _covers_port(wide: AdminPort, narrow: AdminPort) -> bool:
    if wide == narrow:
        return True
    if wide.protocol is not narrow.protocol or wide.protocol is None:
        return False
    if wide.port is None:
        return True
    if isinstance(wide.port, str) or not isinstance(narrow.port, int):
        return False
    return wide.port <= narrow.port and (narrow.end_port or narrow.port) <= (wide.end_port or wide.port)


def _covers_peer(wide: AdminPeer, narrow: AdminPeer) -> bool:
    if AdminPeer() in (wide, narrow) or wide == narrow:
        return wide != AdminPeer()  # one that is newer than this model: nothing is known of it
    if wide.pods is not None and narrow.pods is not None:
        everyone = LabelSelector()
        pods = wide.pods.pods or everyone, narrow.pods.pods or everyone
        return covers(wide.pods.namespaces, narrow.pods.namespaces) and covers(*pods)
    if wide.nodes is not None and narrow.nodes is not None:
        return covers(wide.nodes, narrow.nodes)
    return wide.networks is not None and _covers_networks(wide.networks, narrow)


def _covers_networks(networks: tuple[str, ...], narrow: AdminPeer) -> bool:
    if narrow.networks is not None:
        return all(any(_in(cidr, other) for other in networks) for cidr in narrow.networks)
    # All addresses of both families are every pod and node there can be.
    whole = {network.version for network in map(_network, networks) if network.prefixlen == 0}
    return whole == {4, 6} and narrow.domain_names is None


def _in(narrow: str, wide: str) -> bool:
    return covers_block(IPBlock(cidr=wide), IPBlock(cidr=narrow))


def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(cidr, strict=False)
