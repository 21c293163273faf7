"""The command line of the lab's agnhost: ``netexec`` with its flags, or ``pause``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

OFF = -1
"""The port number that switches a server off."""


class UsageError(Exception):
    """The arguments make no sense; the message goes to the container's log."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Netexec:
    """Serve HTTP, UDP and SCTP. A port of OFF is no server; ``http_override`` is a path with query.

    With an override every request is answered as if it asked for that path.
    """

    http_port: int = 8080
    udp_port: int = 8081
    sctp_port: int = OFF
    http_override: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Do nothing until told to stop."""


def parse(arguments: Sequence[str]) -> Netexec | Pause:
    """Read the arguments after the program's name; raises UsageError.

    None at all mean ``pause``, as in the image that this program stands for.
    """
    if not arguments or arguments[0] == "pause":
        return Pause()
    if arguments[0] != "netexec":
        raise UsageError(f'unknown command "{arguments[0]}": the lab\'s agnhost has netexec and pause')
    parser = _Parser(prog="agnhost netexec", add_help=False, allow_abbrev=False)
    parser.add_argument("--http-port", type=int, default=8080)
    parser.add_argument("--udp-port", type=int, default=8081)
    parser.add_argument("--sctp-port", type=int, default=OFF)
    parser.add_argument("--http-override", default="")
    values = parser.parse_args(arguments[1:])
    for name in ("http_port", "udp_port", "sctp_port"):
        port = getattr(values, name)
        if not (1 <= port <= 65535 or (port == OFF and name != "http_port")):
            raise UsageError(f"--{name.replace('_', '-')}: {port} is no port number")
    return Netexec(**vars(values))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)
