"""A program that was started in a sandbox, and the pipes or the terminal between it and us."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import signal
import struct
import termios
from collections.abc import Callable

from netprobe.errors import EnvironmentFailure
from netprobe.lab.node.spec import Exit

_CHUNK = 65_536


class ProgramNotStarted(EnvironmentFailure):
    """The program cannot be started; the message is what a container runtime says of it."""


class NoSuchContainer(EnvironmentFailure):
    """There is no such pod here, or no such running container in it."""


class End:
    """Our end of a pipe or a terminal, read and written from the event loop.

    One task may read and one may write at a time; ``close`` wakes them.
    """

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        self.fd = fd
        self._loop = asyncio.get_running_loop()
        self._waiting: set[asyncio.Future[None]] = set()

    async def read(self, count: int = _CHUNK) -> bytes:
        """Up to ``count`` bytes, as soon as there are some; b"" at the end."""
        while self.fd >= 0:
            try:
                return os.read(self.fd, count)
            except BlockingIOError:
                await self._until(self._loop.add_reader, self._loop.remove_reader)
            except OSError as error:
                if error.errno == errno.EIO:
                    return b""  # a terminal whose other side is closed
                raise
        return b""

    async def write(self, data: bytes) -> None:
        """Write all of ``data``; raises BrokenPipeError when nobody reads any more."""
        view = memoryview(data)
        while view:
            if self.fd < 0:
                raise BrokenPipeError(errno.EPIPE, "the stream is closed")
            try:
                view = view[os.write(self.fd, view) :]
            except BlockingIOError:
                await self._until(self._loop.add_writer, self._loop.remove_writer)

    def close(self) -> None:
        """Close this end; may be called twice. Who waits in ``read`` gets b"", in ``write`` an error."""
        if self.fd >= 0:
            self._loop.remove_reader(self.fd)
            self._loop.remove_writer(self.fd)
            os.close(self.fd)
            self.fd = -1
        for waiting in self._waiting:
            _wake(waiting)

    async def _until(
        self, add: Callable[[int, Callable[[], None]], None], remove: Callable[[int], bool]
    ) -> None:
        ready = self._loop.create_future()
        self._waiting.add(ready)
        add(self.fd, lambda: _wake(ready))
        try:
            await ready
        finally:
            self._waiting.discard(ready)
            if self.fd >= 0:
                remove(self.fd)


class Process:
    """A running program. With a terminal, stdout is the terminal and stderr is empty."""

    def __init__(
        self,
        *,
        ends: tuple[End | None, End | None, End | None],
        exited: asyncio.Future[Exit],
        send_signal: Callable[[int], None],
    ) -> None:
        self._stdin, self._stdout, self._stderr = ends
        self._exited = exited
        self._send_signal = send_signal

    async def read_stdout(self, count: int = _CHUNK) -> bytes:
        """Up to ``count`` bytes of stdout, as soon as there are some; b"" at its end."""
        return await self._stdout.read(count) if self._stdout else b""

    async def read_stderr(self, count: int = _CHUNK) -> bytes:
        """Up to ``count`` bytes of stderr, as soon as there are some; b"" at its end."""
        return await self._stderr.read(count) if self._stderr else b""

    async def write_stdin(self, data: bytes) -> None:
        """Write all of ``data``; raises BrokenPipeError when the program reads no more."""
        if self._stdin is None:
            raise BrokenPipeError(errno.EPIPE, "the program was started without stdin")
        await self._stdin.write(data)

    def close_stdin(self) -> None:
        """Let the program read the end of its stdin (a terminal stays open)."""
        if self._stdin is not None and self._stdin is not self._stdout:
            self._stdin.close()

    async def wait(self) -> int:
        """The exit status, 128 + signal when a signal ended the program."""
        return (await asyncio.shield(self._exited)).code

    def kill(self) -> None:
        """Kill the program and all of its process group; nothing happens when it has ended."""
        if not self._exited.done():
            self._send_signal(signal.SIGKILL)

    def resize(self, rows: int, columns: int) -> None:
        """Tell the terminal its size; nothing happens without a terminal."""
        if self._stdin is not None and self._stdin is self._stdout and self._stdin.fd >= 0:
            fcntl.ioctl(self._stdin.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def close(self) -> None:
        """Kill the program if it still runs and give the pipes back; may be called twice."""
        self.kill()
        for end in (self._stdin, self._stdout, self._stderr):
            if end is not None:
                end.close()


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
