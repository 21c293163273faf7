"""One end of a packet socket in the lab's event loop."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import messages


class Channel:
    """Sends messages without blocking, and hands each received one to ``on_message``.

    ``on_message`` gets None once, when the other end is closed; file descriptors are then its own.
    """

    def __init__(
        self,
        end: socket.socket,
        on_message: Callable[[messages.Message | None, tuple[int, ...]], None],
    ) -> None:
        self._end = end
        self._end.setblocking(False)
        self._on_message = on_message
        self._unsent: deque[tuple[bytes, tuple[int, ...]]] = deque()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(end.fileno(), self._receive)

    def post(self, message: Mapping[str, Any], fds: Sequence[int] = ()) -> None:
        """Send a message with file descriptors, which become the channel's to close.

        Raises EnvironmentFailure when the message is too long.
        """
        try:
            packet = messages.encode(message)
        except EnvironmentFailure:
            messages.close_all(fds)
            raise
        self._unsent.append((packet, tuple(fds)))
        if len(self._unsent) == 1:
            self._send()

    def close(self) -> None:
        """Close this end; ``on_message`` is not called any more."""
        if self._end.fileno() >= 0:
            self._loop.remove_reader(self._end.fileno())
            self._loop.remove_writer(self._end.fileno())
            self._end.close()
        while self._unsent:
            messages.close_all(self._unsent.popleft()[1])

    def _send(self) -> None:
        while self._unsent and self._end.fileno() >= 0:
            packet, fds = self._unsent[0]
            try:
                messages.send(self._end, packet, fds)
            except BlockingIOError:
                self._loop.add_writer(self._end.fileno(), self._send)
                return
            except OSError:
                self._hear_the_end()  # the other end is closed: whoever waits for answers must know
                return
            self._unsent.popleft()
            messages.close_all(fds)
        if self._end.fileno() >= 0:
            self._loop.remove_writer(self._end.fileno())

    def _receive(self) -> None:
        while self._end.fileno() >= 0:
            try:
                received = messages.receive(self._end)
            except BlockingIOError:
                return
            if received is None:
                self._hear_the_end()
                return
            self._on_message(*received)

    def _hear_the_end(self) -> None:
        self.close()
        self._on_message(None, ())
