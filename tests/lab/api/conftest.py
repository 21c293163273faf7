"""The API over TLS in a thread of its own, with no machines behind it: processes are the host's."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from netprobe.lab.api.processes import ExecRequest, Machinery
from netprobe.lab.api.server import build_application
from netprobe.lab.cluster.certificates import make_certificates
from netprobe.lab.store.objects import Store

TOKEN = "token-of-the-test"


def now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class HostProcess:
    """A process of the test machine behind the API's process seam."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def read_stdout(self, size: int) -> bytes:
        return await self._process.stdout.read(size)

    async def read_stderr(self, size: int) -> bytes:
        return await self._process.stderr.read(size)

    async def write_stdin(self, data: bytes) -> None:
        self._process.stdin.write(data)
        await self._process.stdin.drain()

    async def close_stdin(self) -> None:
        self._process.stdin.close()

    async def wait(self) -> int:
        code = await self._process.wait()
        return code if code >= 0 else 128 - code

    def resize(self, rows: int, columns: int) -> None:
        raise AssertionError("a pipe has no size")

    def kill(self) -> None:
        self._process._transport.close()  # kills it too


class Host:
    """Runs processes, and at its end sees that all of them are gone."""

    def __init__(self) -> None:
        self._processes: list[HostProcess] = []

    async def run(self, request: ExecRequest) -> HostProcess:
        pipe = asyncio.subprocess.PIPE
        stdin = pipe if request.stdin else asyncio.subprocess.DEVNULL
        process = HostProcess(
            await asyncio.create_subprocess_exec(*request.command, stdin=stdin, stdout=pipe, stderr=pipe)
        )
        self._processes.append(process)
        return process

    async def all_ended(self) -> None:
        async with asyncio.timeout(10):
            for process in self._processes:
                await process.wait()


async def one_log(pod: dict[str, Any], container: str) -> bytes:
    return f"{pod['metadata']['name']} {container}\nsecond\nthird\n".encode()


async def followed(pod: dict[str, Any], container: str) -> AsyncIterator[bytes]:
    yield await one_log(pod, container)
    yield b"fourth\n"


async def echo_externals(hosts):
    return {host["name"]: {"address": host["address"], "ports": {}} for host in hosts}


@dataclass
class Server:
    """A running API: its address, and its store (only to be used through ``call``)."""

    url: str
    ca_file: str
    store: Store
    loop: asyncio.AbstractEventLoop
    token: str = TOKEN

    def call(self, act):
        """Run ``act(store)`` in the server's loop."""

        async def inside():
            return act(self.store)

        return asyncio.run_coroutine_threadsafe(inside(), self.loop).result(10)

    def request(self, method, path, body=None, *, content_type="application/json", token=TOKEN, accept=""):
        """Send a request; returns (status, content type, decoded body, headers)."""
        data = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", content_type)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if accept:
            request.add_header("Accept", accept)
        context = ssl.create_default_context(cafile=self.ca_file)
        try:
            with urllib.request.urlopen(request, timeout=10, context=context) as response:
                return _read(response)
        except urllib.error.HTTPError as error:
            with error:
                return _read(error)

    def make_namespace(self, name):
        status, _, body, _ = self.request("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        assert status == 201, body


def _read(response):
    kind, raw = response.headers["Content-Type"], response.read().decode()
    return response.status, kind, json.loads(raw) if "json" in kind else raw, response.headers


def server_context(folder) -> tuple[ssl.SSLContext, str]:
    certificates = make_certificates(dt.datetime.now(dt.UTC))
    files = {name: folder / f"{name}.pem" for name in ("authority", "server", "server_key")}
    for name, path in files.items():
        path.write_text(getattr(certificates, name))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files["server"], files["server_key"])
    return context, str(files["authority"])


async def serve(app, listener, context, ready, host):
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.SockSite(runner, listener, ssl_context=context).start()
    ready.set()
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
        await host.all_ended()


def run_until_cancelled(loop, task):
    asyncio.set_event_loop(loop)
    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    for transport in tuple(loop._transports.values()):
        transport.abort()  # a client that left without a word is not waited for
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


@pytest.fixture
def server(tmp_path):
    """A fresh API without nodes and controllers, holding only the namespace ``default``."""
    context, ca_file = server_context(tmp_path)
    listener = socket.create_server(("127.0.0.1", 0))
    store = Store(now)
    host = Host()
    machinery = Machinery(run=host.run, logs=one_log, follow_log=followed, provide_externals=echo_externals)
    app = build_application(store, token=TOKEN, now=now, machinery=machinery)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    task = loop.create_task(serve(app, listener, context, ready, host))
    thread = threading.Thread(target=run_until_cancelled, args=(loop, task))
    thread.start()
    assert ready.wait(10)
    url = f"https://127.0.0.1:{listener.getsockname()[1]}"
    running = Server(url=url, ca_file=ca_file, store=store, loop=loop)
    running.make_namespace("default")
    yield running
    loop.call_soon_threadsafe(task.cancel)
    thread.join(10)
    assert not thread.is_alive()
