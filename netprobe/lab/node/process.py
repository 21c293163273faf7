"""A program that was started in a sandbox, and the pipes or the terminal between it and us."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import pty
import signal
import struct
import termios
from collections.abc import Callable, Mapping, Sequence

from netprobe.lab.kernel import privileges
from netprobe.lab.node.sandbox import Sandbox
from netprobe.lab.node.spec import Exit

_CHUNK = 65_536


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


_Ends = tuple[End | None, End | None, End | None]
"""stdin, stdout and stderr, as far as they are there; on a terminal the first two are one."""


class Process:
    """A running program. With a terminal, stdout is the terminal and stderr is empty."""

    def __init__(
        self,
        *,
        ends: _Ends,
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
        """Write all of ``data``; lost, as on a real node, when the program reads no more."""
        if self._stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                await self._stdin.write(data)

    async def close_stdin(self) -> None:
        """Let the program read the end of its stdin (a terminal stays open)."""
        if self._stdin is not None and self._stdin is not self._stdout:
            self._stdin.close()

    async def wait(self) -> int:
        """The exit status, 128 + signal when a signal ended the program."""
        return (await asyncio.shield(self._exited)).code

    def kill(self) -> None:
        """Kill what still runs of the program's process group and close the streams; may be called twice."""
        if not self._exited.done():
            self._send_signal(signal.SIGKILL)
        for end in (self._stdin, self._stdout, self._stderr):
            if end is not None:
                end.close()

    def resize(self, rows: int, columns: int) -> None:
        """Tell the terminal its size; nothing happens without a terminal."""
        if self._stdin is not None and self._stdin is self._stdout and self._stdin.fd >= 0:
            fcntl.ioctl(self._stdin.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


async def start_process(
    sandbox: Sandbox,
    argv: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdin: bool,
    terminal: bool,
) -> Process:
    """Start a program in a sandbox, with pipes (stdin: /dev/null unless wanted) or on a terminal.

    Raises FileNotFoundError when there is no such program, ProgramNotStarted when it cannot be run.
    """
    ours, theirs = _terminal() if terminal else _pipes(stdin=stdin)
    try:
        number, exited = await sandbox.start(argv, environment, theirs, terminal=terminal)
    except BaseException:
        for end in ours:
            if end is not None:
                end.close()
        raise
    return Process(ends=ours, exited=exited, send_signal=lambda one: sandbox.send_signal(number, one))


def open_log() -> tuple[End, int]:
    """A pipe for a container's words: our end, and the one to be handed to it."""
    ours, theirs = os.pipe()
    _give_to_pods(theirs)
    return End(ours), theirs


def _pipes(*, stdin: bool) -> tuple[_Ends, tuple[int, int, int]]:
    in_theirs, in_ours = os.pipe() if stdin else (os.open(os.devnull, os.O_RDONLY), -1)
    out_ours, out_theirs = os.pipe()
    err_ours, err_theirs = os.pipe()
    for fd in (out_theirs, err_theirs):
        _give_to_pods(fd)  # a program may open /dev/stdout anew
    ours = (End(in_ours) if stdin else None, End(out_ours), End(err_ours))
    return ours, (in_theirs, out_theirs, err_theirs)


def _terminal() -> tuple[_Ends, tuple[int, int, int]]:
    ours, theirs = pty.openpty()
    _give_to_pods(theirs)
    end = End(ours)
    return (end, end, None), (theirs, os.dup(theirs), os.dup(theirs))


def _give_to_pods(fd: int) -> None:
    if privileges.may_switch_users():
        os.fchown(fd, privileges.POD_USER, privileges.POD_USER)


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
