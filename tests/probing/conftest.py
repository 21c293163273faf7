from __future__ import annotations

import contextlib
import shutil
import socket
import socketserver
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

import pytest

from netprobe.probing.reply import Reply, read_reply
from netprobe.probing.request import Batch
from netprobe.probing.script import script_for

SHELLS = [shell for shell in ("dash", "busybox", "bash") if shutil.which(shell)]


@dataclass
class Server:
    """A server on loopback: its port, and the source ports of those who connected."""

    port: int
    clients: list[int] = field(default_factory=list)


class _Threaded(socketserver.ThreadingTCPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 512
    allow_reuse_address = True


def _serve(server: socketserver.BaseServer, stack: contextlib.ExitStack) -> None:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    stack.callback(thread.join)
    stack.callback(server.server_close)
    stack.callback(server.shutdown)


@pytest.fixture
def stack() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as opened:
        yield opened


@pytest.fixture
def web(stack: contextlib.ExitStack) -> Callable[[str], Server]:
    """Start an HTTP server that answers a body, whatever is asked."""

    def start(body: str) -> Server:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.clients.append(self.client_address[1])
                data = body.encode("utf-8", "surrogateescape")
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        listening = _Threaded(("127.0.0.1", 0), Handler)
        server = Server(port=listening.server_address[1])
        _serve(listening, stack)
        return server

    return start


@pytest.fixture
def tcp(stack: contextlib.ExitStack) -> Callable[[bytes], Server]:
    """Start a TCP server that says some bytes and closes at once."""

    def start(said: bytes) -> Server:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.recv(4096)
                self.request.sendall(said)

        listening = _Threaded(("127.0.0.1", 0), Handler)
        _serve(listening, stack)
        return Server(port=listening.server_address[1])

    return start


@pytest.fixture
def udp(stack: contextlib.ExitStack) -> Callable[[Callable[[bytes], bytes | None]], Server]:
    """Start a UDP server that answers what a function makes of each datagram (None: nothing)."""

    def start(answer: Callable[[bytes], bytes | None]) -> Server:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, sock = self.request
                server.clients.append(self.client_address[1])
                reply = answer(data)
                if reply is not None:
                    sock.sendto(reply, self.client_address)

        listening = socketserver.UDPServer(("127.0.0.1", 0), Handler)
        server = Server(port=listening.server_address[1])
        _serve(listening, stack)
        return server

    return start


@pytest.fixture
def black_hole(stack: contextlib.ExitStack) -> int:
    """A TCP port whose accept queue is full: the kernel drops further SYNs."""
    listening = stack.enter_context(socket.socket())
    listening.bind(("127.0.0.1", 0))
    listening.listen(0)
    address = listening.getsockname()
    stack.enter_context(socket.create_connection(address))
    return int(address[1])


@pytest.fixture
def closed_port(stack: contextlib.ExitStack) -> int:
    """A port of both protocols that nobody listens on, kept from others while the test runs."""
    held = stack.enter_context(socket.socket())
    held.bind(("127.0.0.1", 0))
    return int(held.getsockname()[1])


@pytest.fixture(params=SHELLS)
def run(request: pytest.FixtureRequest) -> Callable[[Batch], dict[tuple[str, int], Reply]]:
    """Run a batch in a real shell that reads its script from stdin, as an exec session does."""

    def run(batch: Batch) -> dict[tuple[str, int], Reply]:
        script = script_for(batch)
        command = ["busybox", "sh"] if request.param == "busybox" else [request.param]
        done = subprocess.run(
            command,
            input=script.text.encode() + b"echo still-here\n",
            capture_output=True,
            check=True,
            timeout=30,
        )
        output, mark, rest = done.stdout.decode("utf-8", "replace").partition(script.end_mark + "\n")
        assert mark
        assert rest == "still-here\n", "nothing in the batch may read what comes after it"
        assert done.stderr == b""
        return {(reply.request, reply.attempt): reply for reply in read_reply(batch, output)}

    return run
