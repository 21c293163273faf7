"""The server's sockets and its one loop. Nothing is imported late: the pod has no interpreter files."""

from __future__ import annotations

import contextlib
import datetime as dt
import selectors
import socket
from collections.abc import Callable
from typing import NoReturn

from netprobe.lab.node.agnhost.answers import Identity, answer_datagram, answer_http
from netprobe.lab.node.agnhost.arguments import OFF, Netexec
from netprobe.lab.node.agnhost.http import Connection

BACKLOG = 1024
_ANY = ""
_Handler = Callable[[], None]


class Server:
    """Serves what ``settings`` ask for: bound by the constructor (OSError), answering in ``serve``."""

    def __init__(self, settings: Netexec) -> None:
        self._selector = selectors.DefaultSelector()
        self._hostname = socket.gethostname()
        self._override = settings.http_override
        self._listen(settings.http_port, socket.IPPROTO_TCP, self._take_http)
        if settings.udp_port != OFF:
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            _bind(sock, settings.udp_port, "UDP")
            self._register(sock, lambda: self._answer_datagrams(sock))
        if settings.sctp_port != OFF:
            self._listen(settings.sctp_port, socket.IPPROTO_SCTP, self._take_sctp)

    def serve(self) -> NoReturn:
        """Answer for ever."""
        while True:
            for key, _ in self._selector.select():
                key.data()

    def _listen(self, port: int, protocol: int, take: Callable[[socket.socket, str], None]) -> None:
        name = "SCTP" if protocol == socket.IPPROTO_SCTP else "TCP"
        try:
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
        except OSError as error:
            raise OSError(error.errno, f"this kernel has no {name}: {error.strerror}") from error
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(listener, port, name)
        listener.listen(BACKLOG)
        self._register(listener, lambda: self._accept(listener, take))

    def _accept(self, listener: socket.socket, take: Callable[[socket.socket, str], None]) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionAbortedError):
            while True:
                sock, address = listener.accept()
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                take(sock, f"{address[0]}:{address[1]}")

    def _take_http(self, sock: socket.socket, client: str) -> None:
        connection = Connection(lambda target: answer_http(self._override or target, self._identity(client)))
        self._register(sock, lambda: self._serve_http(sock, connection))
        self._serve_http(sock, connection)  # the request is often there already

    def _serve_http(self, sock: socket.socket, connection: Connection) -> None:
        try:
            data = sock.recv(65_536)
            answer = connection.feed(data)
            if answer:
                sock.sendall(answer)  # far smaller than any socket buffer
            if data and not connection.finished:
                return
        except BlockingIOError:
            return
        except OSError:
            pass  # the client is gone: nobody is left to be told
        self._close(sock)

    def _take_sctp(self, sock: socket.socket, client: str) -> None:
        self._register(sock, lambda: self._serve_sctp(sock, client))

    def _serve_sctp(self, sock: socket.socket, client: str) -> None:
        try:
            data = sock.recv(65_536)
            if answer := answer_datagram(data.decode(errors="replace"), self._identity(client)):
                sock.sendall(answer.encode())
            if data:
                return
        except OSError:
            pass  # the client is gone: nobody is left to be told
        self._close(sock)

    def _answer_datagrams(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):  # nothing more to read, or an unreachable client's ICMP error
            while True:
                data, address = sock.recvfrom(65_536)
                identity = self._identity(f"{address[0]}:{address[1]}")
                answer = answer_datagram(data.decode(errors="replace"), identity)
                if answer is not None:
                    sock.sendto(answer.encode(), address)

    def _identity(self, client: str) -> Identity:
        now = dt.datetime.now(dt.UTC).isoformat()
        return Identity(hostname=self._hostname, client=client, now=now)

    def _register(self, sock: socket.socket, handler: _Handler) -> None:
        sock.setblocking(False)
        self._selector.register(sock, selectors.EVENT_READ, handler)

    def _close(self, sock: socket.socket) -> None:
        self._selector.unregister(sock)
        sock.close()


def _bind(sock: socket.socket, port: int, name: str) -> None:
    try:
        sock.bind((_ANY, port))
    except OSError as error:
        raise OSError(error.errno, f"listen on {name} port {port}: {error.strerror}") from error
