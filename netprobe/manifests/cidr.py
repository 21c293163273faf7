"""Blocks of addresses as Kubernetes writes them."""

from __future__ import annotations

import ipaddress
import re

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PREFIX = re.compile(r"0|[1-9][0-9]{0,2}")


def parse_cidr(text: str) -> Network | None:
    """Return the block (without the host bits that may be set), None for text that is no CIDR."""
    address, slash, prefix = text.rpartition("/")
    # ip_network also takes bare addresses, dotted netmasks and zones, which Kubernetes does not.
    if not slash or not _PREFIX.fullmatch(prefix) or "%" in address:
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def without_zeros(text: str) -> str:
    """Return an IPv4 block without leading zeros, which older API servers stored and read as decimals."""
    return text if ":" in text else re.sub(r"(?<![0-9])0+(?=[0-9])", "", text)
