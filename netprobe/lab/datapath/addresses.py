"""From ipBlocks and pods to sets of IPv4 addresses. The lab's network is IPv4 only."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, collapse_addresses, ip_network

from netprobe.lab.datapath.rules import AddressSet
from netprobe.model.policy import IPBlock

EVERYWHERE = IPv4Network("0.0.0.0/0")


def block_networks(block: IPBlock) -> tuple[IPv4Network, ...]:
    """The networks that remain of ``cidr`` when the ``except`` ranges are cut out.

    NetworkPolicyPeer, ipBlock: the exceptions belong to this block alone, so another peer or rule
    may still admit them; that is why they are subtracted here and never become a deny. Host bits
    are cut off. An IPv6 block holds no address of the lab.
    """
    whole = ip_network(block.cidr, strict=False)
    if not isinstance(whole, IPv4Network):
        return ()
    remaining = [whole]
    for text in block.excluded:
        cut = ip_network(text, strict=False)
        if isinstance(cut, IPv4Network):
            remaining = [part for network in remaining for part in _without(network, cut)]
    return tuple(remaining)


def address_set(addresses: Iterable[IPv4Address], networks: Iterable[IPv4Network]) -> AddressSet | None:
    """Join both into one set without overlaps; None when it covers every address."""
    merged = tuple(collapse_addresses(networks))
    if EVERYWHERE in merged:
        return None
    loose = {one for one in addresses if not any(one in network for network in merged)}
    return AddressSet(addresses=tuple(map(str, sorted(loose, key=int))), networks=merged)


def _without(network: IPv4Network, cut: IPv4Network) -> Iterable[IPv4Network]:
    if not network.overlaps(cut):
        return (network,)
    if network.subnet_of(cut):
        return ()
    return network.address_exclude(cut)
