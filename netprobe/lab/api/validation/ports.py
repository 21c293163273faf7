"""Rules for port numbers, port names and protocols."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netprobe.lab.api.status_errors import Cause
from netprobe.lab.api.validation.causes import invalid_value, unsupported

PROTOCOLS = ("TCP", "UDP", "SCTP")


def number_causes(field: str, number: int) -> Iterator[Cause]:
    """Check a port number."""
    if not 1 <= number <= 65535:
        yield invalid_value(field, number, "must be between 1 and 65535, inclusive")


def port_name_causes(field: str, name: str) -> Iterator[Cause]:
    """Check a port name (an IANA service name, RFC 6335 section 5.1)."""
    if len(name) > 15:
        yield invalid_value(field, name, "must be no more than 15 characters long")
    if not re.fullmatch(r"[-a-z0-9]*", name):
        yield invalid_value(
            field, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
        )
        return
    if not re.search(r"[a-z]", name):
        yield invalid_value(field, name, "must contain at least one letter (a-z)")
    if "--" in name:
        yield invalid_value(field, name, "must not contain consecutive hyphens")
    if name.startswith("-") or name.endswith("-"):
        yield invalid_value(field, name, "must not begin or end with a hyphen")


def number_or_name_causes(field: str, port: int | str) -> Iterator[Cause]:
    """Check a port that may be given by number or by name."""
    if isinstance(port, int):
        yield from number_causes(field, port)
    else:
        yield from port_name_causes(field, port)


def protocol_causes(field: str, protocol: str) -> Iterator[Cause]:
    """Check a transport protocol."""
    if protocol not in PROTOCOLS:
        yield unsupported(field, protocol, PROTOCOLS)
