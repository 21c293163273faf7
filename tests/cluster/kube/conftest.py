from __future__ import annotations

import base64
import contextlib
import datetime as dt
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from netprobe.lab.cluster.certificates import make_certificates

Answer = tuple[int, object]


@dataclass
class ApiServer:
    """A TLS server on loopback that answers what a test says; ``seen`` are (method, path, body)."""

    url: str = ""
    authority: str = ""
    answer: Callable[[str, str, object], Answer] = lambda _method, _path, _body: (
        200,
        {"gitVersion": "v1.36.2"},
    )
    seen: list[tuple[str, str, object]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def kubeconfig(self, **user: object) -> dict[str, object]:
        cluster = {
            "server": self.url,
            "certificate-authority-data": base64.b64encode(self.authority.encode()).decode(),
        }
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": cluster}],
            "users": [{"name": "u", "user": user or {"token": "secret"}}],
        }


@pytest.fixture
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    certificates = make_certificates(dt.datetime.now(dt.UTC))
    server = ApiServer(authority=certificates.authority)
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_text(certificates.server)
    (folder / "key.pem").write_text(certificates.server_key)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one segment: two would wait for each other's acknowledgement

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parsed = json.loads(body) if body else None
            server.seen.append((self.command, self.path, parsed))
            server.tokens.append(self.headers.get("Authorization", ""))
            status, said = server.answer(self.command, self.path, parsed)
            data = (said if isinstance(said, str) else json.dumps(said)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the base class's names

        def log_message(self, *args: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    listening.socket = context.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
    listening.handle_error = lambda *_: None  # a client that rejects our certificate is a test's wish
    server.url = f"https://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    with contextlib.ExitStack() as stack:
        stack.callback(thread.join)
        stack.callback(listening.server_close)
        stack.callback(listening.shutdown)
        yield server


def status(code: int, reason: str, message: str) -> Answer:
    return code, {"kind": "Status", "status": "Failure", "reason": reason, "message": message, "code": code}


@pytest.fixture
def failure() -> Callable[[int, str, str], Answer]:
    """A Status object as an API server answers it."""
    return status
