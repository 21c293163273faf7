"""Metrics beside other reports: what of an earlier run stays in the file, and where they are served."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from netprobe.app.late import load
from netprobe.errors import InputError

FORMAT = "prometheus"
"""The format whose place may be an address instead of a file."""

Serve = Callable[["Address", str], None]
"""Takes a text to be served once everything else is done."""

_ADDRESS = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[\w.-]*):(?P<port>\d{1,5})")
_KEEP = "netprobe.report.metrics.exposition:keep_successes"
_SERVE = "netprobe.report.metrics.exposition:serving"


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where metrics are served; ``host`` "" is all interfaces, ``port`` 0 a free one."""

    host: str
    port: int

    def __str__(self) -> str:
        """Render as ``HOST:PORT``."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def address_in(word: str) -> Address | None:
    """The address that ``:PORT`` or ``HOST:PORT`` names; None for anything else, which is a file.

    Raises InputError for a port that there is not, and for an address that is taken or not ours.
    """
    found = _ADDRESS.fullmatch(word)
    if found is None:
        return None
    address = Address(host=found["host"].strip("[]"), port=int(found["port"]))
    if address.port > 65535:
        raise InputError(f"there is no port {address.port}", remedy="ports are 0 (a free one) to 65535")
    _try(address)
    return address


@contextmanager
def serving(waiting: Sequence[tuple[Address, str]]) -> Iterator[tuple[str, ...]]:
    """Serve each text at its address while the block runs; give the URLs. Raises InputError."""
    serve = load(_SERVE)
    with ExitStack() as stack:
        yield tuple(stack.enter_context(serve(text, address.host, address.port)) for address, text in waiting)


def _try(address: Address) -> None:
    """Take the address for a moment, so that a run is not spent before it is found to be taken."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address.host, address.port))
    except OSError as error:
        raise InputError(
            f"metrics cannot be served at {address}: {error.strerror or error}",
            remedy="name another port, or 127.0.0.1:PORT",
        ) from error


def with_earlier(text: str, path: Path) -> str:
    """The metrics with the last successes of the file that they replace."""
    try:
        before = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return text
    kept: str = load(_KEEP)(text, before)
    return kept
