"""Pod exec over WebSocket: the subprotocols v5 and v4.channel.k8s.io, byte for byte as recorded.

Every binary message begins with the number of its channel: 0 stdin, 1 stdout, 2 stderr, 3 the final
Status, 4 terminal size, and in v5 255 with the number of a channel that the client closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import WSMsgType, web

from netprobe.errors import EnvironmentFailure
from netprobe.lab.api.processes import ExecRequest, Process
from netprobe.lab.api.status_errors import bad_request, internal
from netprobe.lab.store.objects import Object

V5, V4 = "v5.channel.k8s.io", "v4.channel.k8s.io"
_STDIN, _STDOUT, _STDERR, _ERROR, _RESIZE, _CLOSE = 0, 1, 2, 3, 4, 255
_CHUNK = 65536
_DRAIN_SECONDS = 1.0
"""How long output may follow a program's end (a child that it left may hold the pipes open)."""

Run = Callable[[ExecRequest], Awaitable[Process]]


def exec_request(pod: Object, query: Any) -> ExecRequest:
    """Read the query of an exec; raises StatusError (400) for a container that the pod has not."""
    return ExecRequest(
        pod=pod,
        container=container_of(pod, query.get("container", "")),
        command=tuple(query.getall("command", ())),
        stdin=query.get("stdin", "").lower() in {"true", "1"},
        tty=query.get("tty", "").lower() in {"true", "1"},
    )


def container_of(pod: Object, name: str) -> str:
    """The named container, or the pod's first; raises StatusError (400) for an unknown one."""
    names = [container["name"] for container in pod["spec"]["containers"]]
    if name and name not in names:
        raise bad_request(f"container {name} is not valid for pod {pod['metadata']['name']}")
    return name or names[0]


async def serve_exec(request: web.Request, wanted: ExecRequest, run: Run) -> web.StreamResponse:
    """Upgrade to a WebSocket, run the command and relay its streams until it ends.

    Raises StatusError (400 without an upgrade, a known subprotocol or a command; 500 when the pod
    does not run).
    """
    if wanted.pod.get("status", {}).get("phase") != "Running":
        # Before the upgrade: kubectl asks again by SPDY, and prints what is said then.
        raise internal(f'unable to upgrade connection: container not found ("{wanted.container}")')
    _check_upgrade(request)
    if not wanted.command:
        raise bad_request("you must specify at least one command for the container")
    socket = web.WebSocketResponse(protocols=(V5, V4), autoping=True, max_msg_size=0)
    await socket.prepare(request)
    await socket.send_bytes(bytes([_STDOUT]))
    verbose = socket.ws_protocol == V5
    try:
        process = await run(wanted)
    except FileNotFoundError:
        await _end(socket, _not_started(wanted.command[0]))
        return socket
    except (EnvironmentFailure, LookupError) as failure:
        await _end(socket, internal(f"error executing command in container: {failure}").body)
        return socket
    try:
        code = await _relay(socket, process)
    finally:
        process.kill()
    if code is not None:
        await _end(socket, _exit_status(code, wanted.command, verbose=verbose))
    return socket


def _check_upgrade(request: web.Request) -> None:
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise bad_request("Upgrade request required")
    offered = {part.strip() for part in request.headers.get("Sec-WebSocket-Protocol", "").split(",")}
    if not offered & {V5, V4}:
        raise bad_request(f"unable to upgrade: none of the offered subprotocols is {V5} or {V4}")


async def _relay(socket: web.WebSocketResponse, process: Process) -> int | None:
    """Relay until the program has ended and said all; None when the client went first."""
    output = asyncio.gather(
        _pump(socket, _STDOUT, process.read_stdout), _pump(socket, _STDERR, process.read_stderr)
    )
    client = asyncio.ensure_future(_listen(socket, process))
    exit_code = asyncio.ensure_future(process.wait())
    try:
        await asyncio.wait((client, exit_code), return_when=asyncio.FIRST_COMPLETED)
        if not exit_code.done():
            return None
        await asyncio.wait((output,), timeout=_DRAIN_SECONDS)
        return exit_code.result()
    finally:
        tasks = (output, client, exit_code)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pump(socket: web.WebSocketResponse, channel: int, read: Callable[[int], Awaitable[bytes]]) -> None:
    while data := await read(_CHUNK):
        with contextlib.suppress(ConnectionError):  # a client that left is noticed by _listen
            await socket.send_bytes(bytes([channel]) + data)


async def _listen(socket: web.WebSocketResponse, process: Process) -> None:
    """Feed the program's input until the client closes the connection."""
    async for message in socket:
        # Clients send text in text frames; to the API server the two are one.
        frame = message.data.encode() if message.type is WSMsgType.TEXT else message.data
        if not isinstance(frame, bytes) or not frame:
            continue
        channel, data = frame[0], frame[1:]
        if channel == _STDIN and data:
            await process.write_stdin(data)
        elif channel == _CLOSE and data[:1] == bytes([_STDIN]):
            await process.close_stdin()
        elif channel == _RESIZE:
            _resize(process, data)


def _resize(process: Process, data: bytes) -> None:
    """Take a new terminal size, ``{"Width": 80, "Height": 24}``; anything else is passed over."""
    try:
        size = json.loads(data)
        rows, columns = int(size["Height"]), int(size["Width"])
    except (ValueError, KeyError, TypeError):
        return
    if 0 < rows < 65536 and 0 < columns < 65536:
        process.resize(rows, columns)


async def _end(socket: web.WebSocketResponse, status: dict[str, Any]) -> None:
    with contextlib.suppress(ConnectionError):
        await socket.send_bytes(bytes([_ERROR]) + json.dumps(status, separators=(",", ":")).encode())
        await socket.close(code=1000)


def _exit_status(code: int, command: tuple[str, ...], *, verbose: bool) -> dict[str, Any]:
    """The Status of a program that ended; v4 names the command, v5 does not."""
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    shown = f"[{' '.join(command)}]"
    how = (
        f"command terminated with exit code {code}"
        if verbose
        else f"error executing command {shown}, exit code {code}"
    )
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: {how}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


def _not_started(program: str) -> dict[str, Any]:
    why = (
        "error executing command in container: failed to exec in container: OCI runtime exec failed: exec "
        f'failed: unable to start container process: exec: "{program}": executable file not found in $PATH: '
        "unknown"
    )
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"Internal error occurred: Internal error occurred: {why}",
        "reason": "InternalError",
        "details": {"causes": [{"message": f"Internal error occurred: {why}"}]},
        "code": 500,
    }
