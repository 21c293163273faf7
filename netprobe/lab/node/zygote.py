"""The process that all sandboxes are forked from.

It is forked from the lab before any thread or event loop exists, so that a fork copies little and
is safe, and lives in the shared root. It takes two requests, over a packet socket:

* ``{"create": id, "spec": …}`` with one end of the sandbox's own socket (and, to share a network, a
  file descriptor of that namespace): forks the sandbox's init; answers ``{"created": id, "pid": …}``;
* ``{"kill": id}``: kills the init, and with it the sandbox; when the init is reaped, for whatever
  reason, ``{"gone": id}`` is said.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
from dataclasses import dataclass, field
from typing import NoReturn

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import messages, roots, syscalls
from netprobe.lab.node import init
from netprobe.lab.node.descriptors import keep_only
from netprobe.lab.node.signals import ChildSignals
from netprobe.lab.node.spec import SandboxSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Zygote:
    """A running zygote: its process id and our end of its socket."""

    pid: int
    socket: socket.socket


def start_zygote() -> Zygote:
    """Fork the zygote. Call it in the isolated lab process, before threads and event loops.

    Raises EnvironmentFailure when the zygote cannot make the root that pods live in.
    """
    ours, theirs = messages.pair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _run(theirs)
    theirs.close()
    answer = messages.receive(ours)
    problem = "it ended" if answer is None else answer[0].get("failed", "")
    if problem:
        ours.close()
        os.waitpid(pid, 0)
        raise EnvironmentFailure(
            f"the lab cannot make a root file system for its pods: {problem}",
            remedy="run as root on Linux 5.12 or later (in a container: --privileged)",
        )
    return Zygote(pid=pid, socket=ours)


def _run(sock: socket.socket) -> NoReturn:
    (kept,) = keep_only([sock.detach()])
    sock = socket.socket(fileno=kept)
    try:
        roots.enter_shared_root()
    except OSError as error:
        messages.say(sock, {"failed": str(error)})
        os._exit(1)
    gc.collect()
    gc.freeze()  # keeps the collector from touching, and so copying, what the forks share
    messages.say(sock, {"ready": True})
    _Loop(sock).run()
    os._exit(0)


@dataclass(slots=True)
class _Loop:
    sock: socket.socket
    children: dict[int, int] = field(default_factory=dict)  # pid → sandbox id
    own_pid_namespace: int = field(default_factory=lambda: os.open("/proc/self/ns/pid", os.O_RDONLY))

    def run(self) -> None:
        with ChildSignals() as signals, selectors.DefaultSelector() as selector:
            selector.register(self.sock, selectors.EVENT_READ)
            selector.register(signals, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is signals:
                        signals.clear()
                        self.reap()
                    elif (received := messages.receive(self.sock)) is None:
                        return
                    else:
                        self.handle(*received)

    def handle(self, message: messages.Message, fds: tuple[int, ...]) -> None:
        if "create" in message:
            self.create(message["create"], SandboxSpec.from_json(message["spec"]), fds)
        else:
            for pid, number in self.children.items():
                if number == message["kill"]:
                    os.kill(pid, signal.SIGKILL)

    def create(self, number: int, spec: SandboxSpec, fds: tuple[int, ...]) -> None:
        try:
            pid = self.fork(spec, fds)
        except OSError as error:
            messages.say(self.sock, {"created": number, "failed": str(error)})
        else:
            self.children[pid] = number
            messages.say(self.sock, {"created": number, "pid": pid})
        finally:
            messages.close_all(fds)

    def fork(self, spec: SandboxSpec, fds: tuple[int, ...]) -> int:
        if not spec.confined:
            return os.fork() or self.become_init(spec, fds)
        syscalls.unshare(syscalls.CLONE_NEWPID)  # for the next child only: this process stays where it is
        try:
            pid = os.fork()
            if pid == 0:
                self.become_init(spec, fds)
        finally:
            syscalls.setns(self.own_pid_namespace, syscalls.CLONE_NEWPID)
        return pid

    def become_init(self, spec: SandboxSpec, fds: tuple[int, ...]) -> NoReturn:
        code = 1
        try:
            init.run(fds[0], spec, network=fds[1] if len(fds) > 1 else None)
            code = 0
        finally:
            os._exit(code)

    def reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                messages.say(self.sock, {"gone": self.children.pop(pid)})
