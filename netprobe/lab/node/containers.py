"""Containers of a pod: the process, its log, and when it is ready."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence

from netprobe.lab.node.agnhost import program
from netprobe.lab.node.process import End, open_log
from netprobe.lab.node.sandbox import Sandbox
from netprobe.lab.node.spec import Exit

MAX_LOG = 262_144
"""Bytes of a container's log that are kept: the last ones."""


class ContainerLog:
    """The last bytes that a container wrote."""

    def __init__(self) -> None:
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._total = 0
        self._closed = False
        self._news = asyncio.Event()

    def add(self, chunk: bytes) -> None:
        """Append, and forget the oldest chunks that are too many."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        self._total += len(chunk)
        while self._size > MAX_LOG and len(self._chunks) > 1:
            self._size -= len(self._chunks.popleft())
        self._news.set()

    def close(self) -> None:
        """Nothing more will come."""
        self._closed = True
        self._news.set()

    def text(self) -> bytes:
        """All that is kept."""
        return b"".join(self._chunks)

    async def follow(self) -> AsyncIterator[bytes]:
        """What is kept, then what is added, until it is closed; a slow reader may miss what is forgotten."""
        seen = 0
        while True:
            news = self._total - seen
            seen = self._total
            if news:
                kept = self.text()
                yield kept[max(0, len(kept) - news) :]
            elif self._closed:
                return
            else:
                self._news = self._news if not self._news.is_set() else asyncio.Event()
                await self._news.wait()


class Container:
    """A started container. ``ready`` is done when its servers listen, ``exited`` when it has ended."""

    def __init__(
        self,
        sandbox: Sandbox,
        number: int,
        environment: Mapping[str, str],
        ready: asyncio.Future[None],
        exited: asyncio.Future[Exit],
    ) -> None:
        self.environment = environment
        self.ready = ready
        self.exited = exited
        self.log = ContainerLog()
        self._sandbox = sandbox
        self._number = number

    def signal(self, number: signal.Signals) -> None:
        """Signal the container's processes; nothing happens when they have ended."""
        if not self.exited.done():
            self._sandbox.send_signal(self._number, number)

    async def collect_log(self, end: End) -> None:
        """Read the container's words until it has closed its log."""
        try:
            while chunk := await end.read():
                self.log.add(chunk)
        finally:
            self.log.close()
            end.close()


async def start_container(
    sandbox: Sandbox, argv: Sequence[str], environment: Mapping[str, str]
) -> tuple[Container, End]:
    """Start ``argv``, the lab's agnhost or a program of the system; returns it and the end of its log.

    A program of the system is ready at once. Raises FileNotFoundError, ProgramNotStarted, or
    EnvironmentFailure when the sandbox has ended.
    """
    ours, theirs = open_log()
    try:
        if argv[0] in program.PATHS:
            server = await sandbox.serve(argv[1:], theirs)
            return Container(sandbox, server.number, environment, server.ready, server.exited), ours
        stdin = os.open(os.devnull, os.O_RDONLY)
        number, exited = await sandbox.start(argv, environment, (stdin, theirs, os.dup(theirs)))
    except BaseException:
        ours.close()
        raise
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    ready.set_result(None)
    return Container(sandbox, number, environment, ready, exited), ours
