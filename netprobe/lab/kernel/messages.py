"""Small JSON messages with file descriptors over Unix sequenced-packet sockets.

One message is one packet: a message arrives whole or not at all, and several processes may write
to one end.
"""

from __future__ import annotations

import json
import os
import socket
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from netprobe.errors import EnvironmentFailure

Message = dict[str, Any]

MAX_BYTES = 200_000
"""A packet must fit the kernel's default socket buffer (212,992 bytes)."""

_MAX_FDS = 8
_MSG_CMSG_CLOEXEC = 0x40000000


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends; neither is inherited by executed programs."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def encode(message: Mapping[str, Any]) -> bytes:
    """The packet of a message; raises EnvironmentFailure when it is too long for one."""
    packet = json.dumps(message, separators=(",", ":")).encode()
    if len(packet) > MAX_BYTES:
        raise EnvironmentFailure(
            f"a request of {len(packet)} bytes is too long for the lab (at most {MAX_BYTES})"
        )
    return packet


def send(end: socket.socket, packet: bytes, fds: Sequence[int] = ()) -> None:
    """Send an encoded message with copies of ``fds``.

    Raises BlockingIOError when a non-blocking end is full, another OSError when the other end is
    closed.
    """
    socket.send_fds(end, [packet], list(fds))


def say(end: socket.socket, message: Mapping[str, Any], fds: Sequence[int] = ()) -> None:
    """Encode and send a message; as ``send`` and ``encode``."""
    send(end, encode(message), fds)


def receive(end: socket.socket) -> tuple[Message, tuple[int, ...]] | None:
    """Take one message and its file descriptors (ours to close); None when the other end is closed.

    Raises BlockingIOError when there is none yet on a non-blocking end.
    """
    space = socket.CMSG_SPACE(_MAX_FDS * array("i").itemsize)
    try:
        # Not socket.recv_fds: Python 3.11's ignores its flags, and executed programs would inherit the fds.
        data, ancillary, _, _ = end.recvmsg(MAX_BYTES, space, _MSG_CMSG_CLOEXEC)
    except ConnectionResetError:
        return None
    fds = array("i")
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds.frombytes(content)
    if not data:
        return None
    message: Message = json.loads(data)
    return message, tuple(fds)


def close_all(fds: Sequence[int]) -> None:
    """Close every file descriptor of ``fds``."""
    for fd in fds:
        os.close(fd)
