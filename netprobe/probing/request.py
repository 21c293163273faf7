"""What to ask of one pod: requests, and the batch that one exchange with its shell carries."""

from __future__ import annotations

import ipaddress
import math
import re
from dataclasses import dataclass
from enum import StrEnum

_ID = re.compile(r"[a-z0-9]{1,32}")
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_LONGEST_NAME = 253
_LONGEST_TIMEOUT = 60.0
_MOST_ATTEMPTS = 20


class RequestKind(StrEnum):
    """How a destination is asked. DNS kinds ask a nameserver, the others the pods' servers."""

    TCP = "tcp"
    UDP = "udp"
    SCTP = "sctp"
    DNS_UDP = "dns-udp"
    DNS_TCP = "dns-tcp"

    @property
    def is_dns(self) -> bool:
        """Whether the request is a DNS query."""
        return self in (RequestKind.DNS_UDP, RequestKind.DNS_TCP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One destination to be asked, ``attempts`` times.

    ``id`` is short and unique in its batch. ``address`` is an IP address or (TCP only) a DNS name,
    taken as absolute with or without its trailing dot. ``timeout`` is in seconds per attempt.
    ``lookup`` is the name to ask for (DNS kinds). ``expected_peers`` are the pods (``ns/pod``) that
    may answer; empty: anyone. Raises ValueError for what could not stand in a shell script as data.
    """

    id: str
    kind: RequestKind
    address: str
    port: int
    timeout: float
    attempts: int = 1
    lookup: str = ""
    expected_peers: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"request id {self.id!r} is not 1 to 32 of a-z and 0-9")
        if not 1 <= self.port <= 65535:
            raise ValueError(f"request {self.id}: port {self.port} is not between 1 and 65535")
        if not (math.isfinite(self.timeout) and 0 < self.timeout <= _LONGEST_TIMEOUT):
            raise ValueError(
                f"request {self.id}: timeout {self.timeout} is not within (0, {_LONGEST_TIMEOUT}]"
            )
        if not 1 <= self.attempts <= _MOST_ATTEMPTS:
            raise ValueError(f"request {self.id}: {self.attempts} attempts, not 1 to {_MOST_ATTEMPTS}")
        if not self.is_ip and (self.kind is not RequestKind.TCP or not is_dns_name(self.address)):
            raise ValueError(f"request {self.id}: {self.address!r} is no address for {self.kind.value}")
        if self.kind.is_dns != bool(self.lookup):
            raise ValueError(f"request {self.id}: a DNS kind needs a lookup, and no other kind has one")
        if self.lookup and not is_dns_name(self.lookup):
            raise ValueError(f"request {self.id}: {self.lookup!r} is not a DNS name")

    @property
    def is_ip(self) -> bool:
        """Whether ``address`` is an IP address (without a zone), not a name."""
        return is_ip_address(self.address)


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """All requests of one source pod in one round.

    Attempt ``k`` of every request starts ``k × spacing`` seconds after the first. Raises ValueError
    when ids repeat or ``spacing`` is not a sensible number of seconds.
    """

    id: str
    requests: tuple[Request, ...]
    spacing: float = 1.05

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"batch id {self.id!r} is not 1 to 32 of a-z and 0-9")
        if not (math.isfinite(self.spacing) and 0 < self.spacing <= _LONGEST_TIMEOUT):
            raise ValueError(f"batch {self.id}: spacing {self.spacing} is not within (0, {_LONGEST_TIMEOUT}]")
        if len({request.id for request in self.requests}) != len(self.requests):
            raise ValueError(f"batch {self.id}: request ids repeat")

    @property
    def attempts(self) -> int:
        """The largest number of attempts of any request (0 for an empty batch)."""
        return max((request.attempts for request in self.requests), default=0)


def is_ip_address(text: str) -> bool:
    """Whether ``text`` is an IPv4 or IPv6 address without a zone."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def is_dns_name(text: str) -> bool:
    """Whether ``text`` is a DNS name of letters, digits, ``-`` and ``_``, not to be taken for an address."""
    labels = text.removesuffix(".").split(".")
    plain = all(_LABEL.fullmatch(label) for label in labels)
    return (
        plain
        and len(text) <= _LONGEST_NAME
        and not labels[-1].isdigit()
        and not labels[-1].lower().startswith("0x")
    )
