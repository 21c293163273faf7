"""Sandboxes as the lab's event loop sees them: ask the zygote for one, tell its init what to do."""

from __future__ import annotations

import asyncio
import errno
import itertools
import os
import signal
import socket
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import messages
from netprobe.lab.kernel.shell import Answer
from netprobe.lab.node.channel import Channel
from netprobe.lab.node.spec import Exit, SandboxSpec, Uplink
from netprobe.lab.node.zygote import Zygote


class ProgramNotStarted(EnvironmentFailure):
    """The program is there but cannot be started; the message is what a container runtime says of it."""


Received = tuple[messages.Message, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A server in a sandbox: ``ready`` when it listens, ``exited`` when it ended (perhaps before)."""

    number: int
    ready: asyncio.Future[None]
    exited: asyncio.Future[Exit]


class Sandbox:
    """One sandbox. After its end every request raises EnvironmentFailure, and what ran there has exited."""

    def __init__(self, name: str, pid: int, control: socket.socket, zygote: Channel, number: int) -> None:
        self.name = name
        self.pid = pid
        self.made: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._number = number
        self._zygote = zygote
        self._numbers = itertools.count(1)
        self._replies: deque[asyncio.Future[Received]] = deque()
        self._exits: dict[int, asyncio.Future[Exit]] = {}
        self._readies: dict[int, asyncio.Future[None]] = {}
        self._channel = Channel(control, self._hear)

    def open_network(self) -> int:
        """A file descriptor of its network namespace, which the caller closes."""
        return os.open(f"/proc/{self.pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    async def confine(self, uplink: Uplink | None) -> None:
        """Configure ``uplink``, if there is one, and give up every privilege for good."""
        await self._ask({"confine": uplink and uplink.to_json()})

    async def start(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        fds: Sequence[int],
        *,
        terminal: bool = False,
    ) -> tuple[int, asyncio.Future[Exit]]:
        """Start a program with ``fds`` as stdin, stdout and stderr (ours no more).

        Returns its number, for ``send_signal``, and its end. Raises FileNotFoundError when there is
        no such program, ProgramNotStarted when it cannot be run.
        """
        number = next(self._numbers)
        exited = self._exits[number] = asyncio.get_running_loop().create_future()
        message = {"run": number, "argv": list(argv), "env": dict(environment), "terminal": terminal}
        reply, _ = await self._ask(message, fds)
        if "refused" in reply:
            del self._exits[number]
            raise _not_started(argv[0], reply)
        return number, exited

    async def serve(self, arguments: Sequence[str], log: int) -> Server:
        """Start the lab's agnhost with ``arguments``; ``log`` (ours no more) takes its words."""
        number = next(self._numbers)
        loop = asyncio.get_running_loop()
        server = Server(number=number, ready=loop.create_future(), exited=loop.create_future())
        self._exits[number], self._readies[number] = server.exited, server.ready
        await self._ask_strictly({"serve": number, "argv": list(arguments)}, (log,))
        return server

    async def listen(self, port: int) -> tuple[socket.socket, socket.socket]:
        """A UDP and a listening TCP socket inside the sandbox's network, for us to serve."""
        _, (udp, tcp) = await self._ask_strictly({"listen": port})
        return socket.socket(fileno=udp), socket.socket(fileno=tcp)

    async def run(self, argv: Sequence[str], text: str) -> Answer:
        """Run a program of the system to its end, with ``text`` as its stdin."""
        stdin, output = _memory_file(text.encode()), _memory_file(b"")
        try:
            copies = (os.dup(stdin), os.dup(output), os.dup(output))
            _, exited = await self.start(argv, {}, copies)
            code = (await asyncio.shield(exited)).code
            words = os.pread(output, 1_000_000, 0).decode(errors="replace")
        finally:
            messages.close_all((stdin, output))
        return Answer(code=code, output=words, errors=words)

    def send_signal(self, number: int, signal_number: int) -> None:
        """Signal the process group of a program or server; nothing happens when it has ended."""
        if not self.gone.done():
            self._channel.post({"signal": number, "number": int(signal_number)})

    async def destroy(self) -> None:
        """Kill everything in the sandbox and wait until it is gone."""
        self._zygote.post({"kill": self._number})
        await asyncio.shield(self.gone)

    def hear_gone(self) -> None:
        """The zygote has reaped the init: nothing of the sandbox runs any more."""
        self._channel.close()
        self._end()
        if not self.gone.done():
            self.gone.set_result(None)

    async def _ask_strictly(self, message: Mapping[str, object], fds: Sequence[int] = ()) -> Received:
        reply, received = await self._ask(message, fds)
        if "refused" in reply:
            raise EnvironmentFailure(f"{self.name}: {reply['refused']}")
        return reply, received

    async def _ask(self, message: Mapping[str, object], fds: Sequence[int] = ()) -> Received:
        if self.gone.done():
            messages.close_all(fds)
            raise EnvironmentFailure(f"{self.name} has ended")
        reply: asyncio.Future[Received] = asyncio.get_running_loop().create_future()
        self._channel.post(message, fds)
        self._replies.append(reply)
        return await reply

    def _hear(self, message: messages.Message | None, fds: tuple[int, ...]) -> None:
        match message:
            case None:
                self._end()
            case {"exited": number, "status": status}:
                self._readies.pop(number, None)
                self._exits.pop(number).set_result(_exit_of(status))
            case {"ready": number}:
                self._readies.pop(number).set_result(None)
            case {"made": _}:
                self.made.set_result(None)
            case {"failed": why}:
                self.made.set_exception(EnvironmentFailure(f"{self.name}: {why}"))
            case _:
                self._hear_reply(message, fds)

    def _hear_reply(self, message: messages.Message, fds: tuple[int, ...]) -> None:
        reply = self._replies.popleft()
        if reply.cancelled():
            messages.close_all(fds)
        else:
            reply.set_result((message, fds))

    def _end(self) -> None:
        failure = EnvironmentFailure(f"{self.name} has ended")
        _fail(self.made, failure)
        for reply in self._replies:
            _fail(reply, failure)
        self._replies.clear()
        for exited in self._exits.values():
            exited.set_result(Exit(code=128 + signal.SIGKILL, signal=signal.SIGKILL))
        self._exits.clear()
        self._readies.clear()


class Sandboxes:
    """The zygote, asked from the event loop."""

    def __init__(self, zygote: Zygote) -> None:
        self._numbers = itertools.count(1)
        self._asked: dict[int, tuple[str, socket.socket, asyncio.Future[Sandbox]]] = {}
        self._sandboxes: dict[int, Sandbox] = {}
        self._channel = Channel(zygote.socket, self._hear)
        self._ended = False

    async def create(self, spec: SandboxSpec, *, beside: Sandbox | None = None) -> Sandbox:
        """Make a sandbox; with ``beside`` it shares that one's network.

        Raises EnvironmentFailure with the kernel's words.
        """
        if self._ended:
            raise EnvironmentFailure("the lab's zygote has ended")
        number = next(self._numbers)
        ours, theirs = messages.pair()
        created: asyncio.Future[Sandbox] = asyncio.get_running_loop().create_future()
        self._asked[number] = (spec.hostname, ours, created)
        fds = [theirs.detach()] + ([] if beside is None else [beside.open_network()])
        self._channel.post({"create": number, "spec": spec.to_json()}, fds)
        try:
            sandbox = await asyncio.shield(created)
            await asyncio.shield(sandbox.made)
        except BaseException:
            self._channel.post({"kill": number})  # it may be under way, or half made
            raise
        return sandbox

    async def close(self) -> None:
        """Destroy every sandbox and let the zygote end; whoever still waits for one is told."""
        await asyncio.gather(*(sandbox.destroy() for sandbox in tuple(self._sandboxes.values())))
        self._channel.close()
        self._hear_the_end()

    def _hear(self, message: messages.Message | None, _fds: tuple[int, ...]) -> None:
        match message:
            case None:
                self._hear_the_end()
            case {"gone": number}:
                self._sandboxes.pop(number).hear_gone()
            case {"created": number, "pid": pid}:
                name, ours, created = self._asked.pop(number)
                sandbox = self._sandboxes[number] = Sandbox(name, pid, ours, self._channel, number)
                created.set_result(sandbox)
            case _:
                _, ours, created = self._asked.pop(message["created"])
                ours.close()
                _fail(created, EnvironmentFailure(f"the kernel refused a sandbox: {message['failed']}"))

    def _hear_the_end(self) -> None:
        self._ended = True
        for _, ours, created in self._asked.values():
            ours.close()
            _fail(created, EnvironmentFailure("the lab's zygote has ended"))
        self._asked.clear()
        while self._sandboxes:
            self._sandboxes.popitem()[1].hear_gone()


def _fail(waiting: asyncio.Future[Any], failure: EnvironmentFailure) -> None:
    if not waiting.done():
        waiting.set_exception(failure)
        waiting.exception()  # marks it as seen: that nobody waits any more is no fault


def _exit_of(status: int) -> Exit:
    code = os.waitstatus_to_exitcode(status)
    return Exit(code=code) if code >= 0 else Exit(code=128 - code, signal=-code)


def _not_started(program: str, reply: messages.Message) -> Exception:
    if reply["errno"] == errno.ENOENT:
        return FileNotFoundError(errno.ENOENT, "executable file not found in $PATH", program)
    return ProgramNotStarted(f'exec: "{program}": {str(reply["refused"]).lower()}')


def _memory_file(content: bytes) -> int:
    fd = os.memfd_create("lab", os.MFD_CLOEXEC)
    os.write(fd, content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd
