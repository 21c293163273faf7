"""The first process of a sandbox: makes it, runs its programs, reaps them, and says what became of them.

It answers requests on its packet socket, in order: ``{"confine": uplink or null}``,
``{"run": id, "argv": …, "env": …}`` with stdin, stdout and stderr, ``{"serve": id, …}`` with a log,
``{"listen": port}``, ``{"signal": id, "number": n}``. Each but ``signal`` is answered by
``{"done": …}`` or ``{"refused": …}``. Unasked it says ``{"ready": id}`` and ``{"exited": id, …}``.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from netprobe.lab.kernel import messages, netdevice, privileges, programs, roots, syscalls, sysctls
from netprobe.lab.node.agnhost import program
from netprobe.lab.node.descriptors import keep_only
from netprobe.lab.node.signals import ChildSignals
from netprobe.lab.node.spec import SandboxSpec, Uplink

_DEFAULTS = frozenset({signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD, signal.SIGTERM})
"""Signals that Python handles or ignores, and that the programs of a pod meet as usual."""


def run(control: int, spec: SandboxSpec, *, network: int | None) -> None:
    """Be the init of a sandbox until the other end of ``control`` is closed.

    ``network`` is a network namespace to join, None: an own one or the creator's, as ``spec`` says.
    """
    kept = keep_only([control] if network is None else [control, network])
    with socket.socket(fileno=kept[0]) as sock:
        try:
            _make(spec, kept[1] if network is not None else None)
        except OSError as error:
            messages.say(sock, {"failed": str(error)})
            return
        messages.say(sock, {"made": True})
        _Init(sock).run()


def _make(spec: SandboxSpec, network: int | None) -> None:
    if network is not None:
        syscalls.setns(network, syscalls.CLONE_NEWNET)
        os.close(network)
    fresh = syscalls.CLONE_NEWUTS | syscalls.CLONE_NEWNS | syscalls.CLONE_NEWIPC
    syscalls.unshare(fresh | (syscalls.CLONE_NEWNET if spec.own_network and network is None else 0))
    syscalls.sethostname(spec.hostname)
    if spec.confined:
        roots.make_pod_root(spec.etc)
    sysctls.set_sysctls(spec.sysctls)
    sysctls.set_known_sysctls(spec.known_sysctls)
    netdevice.bring_up("lo")
    os.umask(0o022)
    os.environ.clear()
    os.environ["PATH"] = programs.SEARCH_PATH


@dataclass(slots=True)
class _Init:
    control: socket.socket
    children: dict[int, int] = field(default_factory=dict)  # pid → id of the run or serve request

    def run(self) -> None:
        with ChildSignals() as signals, selectors.DefaultSelector() as selector:
            selector.register(self.control, selectors.EVENT_READ)
            selector.register(signals, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is signals:
                        signals.clear()
                        self.reap()
                    elif (received := messages.receive(self.control)) is None:
                        return
                    else:
                        self.answer(*received)

    def answer(self, message: messages.Message, fds: tuple[int, ...]) -> None:
        reply: dict[str, Any] = {"done": True}
        opened: tuple[int, ...] = ()
        try:
            if "confine" in message:
                _confine(message["confine"])
            elif "run" in message:
                self.start_program(message, fds)
            elif "serve" in message:
                self.start_server(message, fds)
            elif "listen" in message:
                opened = _listen(message["listen"])
            else:
                self.send_signal(message["signal"], message["number"])
                return
        except OSError as error:
            reply = {"refused": error.strerror or str(error), "errno": error.errno}
        finally:
            messages.close_all(fds)
        messages.say(self.control, reply, opened)
        messages.close_all(opened)

    def start_program(self, message: messages.Message, fds: tuple[int, ...]) -> None:
        actions: list[tuple[Any, ...]] = [(os.POSIX_SPAWN_DUP2, fd, at) for at, fd in enumerate(fds)]
        if message.get("terminal"):
            # The first terminal that a session's leader opens becomes its controlling terminal.
            actions[0] = (os.POSIX_SPAWN_OPEN, 0, f"/proc/self/fd/{fds[0]}", os.O_RDWR, 0)
        environment = {"PATH": programs.SEARCH_PATH, **message["env"]}
        pid = os.posix_spawnp(
            message["argv"][0],
            message["argv"],
            environment,
            file_actions=actions,
            setsid=True,
            setsigmask=[],
            setsigdef=_DEFAULTS,
        )
        self.children[pid] = message["run"]

    def start_server(self, message: messages.Message, fds: tuple[int, ...]) -> None:
        pid = os.fork()
        if pid == 0:
            self.become_server(message, fds[0])
        self.children[pid] = message["serve"]

    def become_server(self, message: messages.Message, log: int) -> NoReturn:
        code = 2
        try:
            signal.set_wakeup_fd(-1)
            for number in _DEFAULTS:
                signal.signal(number, signal.SIG_DFL)
            control, log = keep_only([self.control.fileno(), log])
            os.setsid()
            os.dup2(log, 1)
            os.dup2(log, 2)
            with socket.socket(fileno=control) as notices:
                code = program.run(
                    message["argv"], lambda: messages.say(notices, {"ready": message["serve"]})
                )
        finally:
            os._exit(code)

    def send_signal(self, number: int, signal_number: int) -> None:
        for pid, owner in self.children.items():
            if owner == number:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal_number)

    def reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if (number := self.children.pop(pid, None)) is not None:
                    messages.say(self.control, {"exited": number, "status": status})


def _confine(uplink: Mapping[str, Any] | None) -> None:
    if uplink is not None:
        device = Uplink.from_json(uplink)
        netdevice.join_network(device.device, device.address, device.gateway, device.gateway_mac)
    privileges.become_powerless()


def _listen(port: int) -> tuple[int, ...]:
    """A UDP and a listening TCP socket on every address of this sandbox."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for sock in (udp, tcp):
            sock.bind(("", port))
        tcp.listen(1024)
    except OSError:
        udp.close()
        tcp.close()
        raise
    return udp.detach(), tcp.detach()
