"""A host of the user's outside of the cluster, for ``netprobe check --outside``."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from netprobe.audit.board.pods import OUTSIDE_NAME, OUTSIDE_PORT
from netprobe.errors import InputError

_PORTS_END = 65536


def address_of(outside: str) -> tuple[str, int]:
    """Split ``ADDRESS:PORT`` (``[ADDRESS]:PORT`` for IPv6). Raises InputError for anything else."""
    host, _, port = outside.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    try:
        address, number = str(ip_address(bare)), int(port)
    except ValueError:
        address, number = "", 0
    if not 0 < number < _PORTS_END or (":" in address and not host.startswith("[")):
        raise InputError(
            f'--outside "{outside}" is no address with a port',
            remedy="write 203.0.113.7:443 or [2001:db8::7]:443; policies know no names",
        )
    return address, number


def externals_of(outside: str) -> Mapping[str, tuple[str, Mapping[int, int]]]:
    """The host as an external one of the audit that is there already; nothing for ""."""
    if not outside:
        return {}
    address, port = address_of(outside)
    return {OUTSIDE_NAME: (address, {OUTSIDE_PORT: port})}
