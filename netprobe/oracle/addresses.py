"""Addresses and blocks of addresses."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from netprobe.model.policy import IPBlock

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def holds(block: IPBlock, address: str) -> bool:
    """Whether the block holds the address: inside ``cidr`` and in none of the ``except`` blocks.

    Reference: IPBlock, "describes a particular CIDR that is allowed to the pods matched by a
    NetworkPolicySpec's podSelector. The except entry describes CIDRs that should not be included
    within this rule." An address of the other family, or no address at all, is never held.
    """
    return in_cidr(block.cidr, address) and not any(in_cidr(hole, address) for hole in block.excluded)


@lru_cache(maxsize=65_536)
def in_cidr(cidr: str, address: str) -> bool:
    """Whether ``cidr`` (host bits are ignored) contains ``address``."""
    parsed = parse(address)
    return parsed is not None and parsed in parse_network(cidr)


@lru_cache(maxsize=8192)
def parse(address: str) -> Address | None:
    """Return the address, or None for text that is none (such as a host name). A v4-mapped one is IPv4."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed


@lru_cache(maxsize=8192)
def parse_network(cidr: str) -> Network:
    """Return the network; host bits are ignored, as every API server that stored them does."""
    return ipaddress.ip_network(cidr, strict=False)


def same_family(one: str, other: str) -> bool:
    """Whether both are addresses of one family."""
    first, second = parse(one), parse(other)
    return first is not None and second is not None and first.version == second.version
