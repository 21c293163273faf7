"""An exec session: ``sh`` in a container over one WebSocket, held open for the whole run."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import urllib3
import websocket
from kubernetes.client.exceptions import ApiException
from kubernetes.stream.ws_client import WSClient, get_websocket_url

from netprobe.cluster.kube.connect import Connection
from netprobe.cluster.kube.kinds import object_path
from netprobe.cluster.kube.rest import refusal, unreachable
from netprobe.cluster.port import ObjectRef
from netprobe.errors import SessionLost

_STDIN, _STDOUT, _STDERR, _STATUS = range(4)
"""Channels of the protocol v5.channel.k8s.io (and v4)."""
_NETWORK_SECONDS = 10.0
"""How long the WebSocket may take to be opened, or to pass on one frame."""
_FRAME = 16_384
_STDERR_KEPT = 2_000
_BROKEN = (websocket.WebSocketException, OSError)


class PodSession:
    """One ``sh`` in a container. Used by one thread at a time."""

    def __init__(self, connection: Connection, namespace: str, pod: str, container: str = "") -> None:
        """Open the session; raises SessionLost, or Refused when we may not exec (401, 403)."""
        self._where = f"{namespace}/{pod}"
        self._pending = bytearray()
        self._errors = b""
        self._socket: WSClient | None = self._open(connection, namespace, pod, container)

    def exchange(self, script: str, end_mark: str, deadline: float) -> str:
        """Send the script and return stdout up to the line that is ``end_mark``; see the port."""
        until = time.monotonic() + deadline
        try:
            self._send(script)
            return self._receive(end_mark.encode(), until, deadline)
        except _BROKEN as error:
            raise self._lost(f"the connection broke: {error}") from error
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            if self._socket is not None:
                raise
            raise self._lost("it was closed while in use") from error

    def close(self) -> None:
        """End the shell and the connection, also while another thread waits for an answer; never raises.

        The connection is aborted before it is closed: that wakes the other thread, a close would not.
        """
        client, self._socket = self._socket, None
        if client is None:
            return
        with suppress(*_BROKEN):
            client.write_channel(_STDIN, b"exit\n")
        client.sock.abort()
        client.sock.shutdown()

    def _open(self, connection: Connection, namespace: str, pod: str, container: str) -> WSClient:
        path = object_path(ObjectRef(api_version="v1", kind="Pod", name=pod, namespace=namespace)) + "/exec"
        query = [
            ("command", "sh"),
            ("stdin", "true"),
            ("stdout", "true"),
            ("stderr", "true"),
            ("tty", "false"),
        ]
        if container:
            query.append(("container", container))
        client = connection.client
        # The library's own default is to wait for ever.
        websocket.setdefaulttimeout(_NETWORK_SECONDS)
        try:
            _, url, headers, _, _ = client.param_serialize("GET", path, auth_settings=["BearerToken"])
            return WSClient(
                client.configuration, get_websocket_url(url, query), headers, capture_all=False, binary=True
            )
        except websocket.WebSocketBadStatusException as error:
            raise self._rejected(connection, error) from error
        except (*_BROKEN, ApiException, urllib3.exceptions.HTTPError) as error:
            raise SessionLost(
                f"No exec session with pod {self._where}: {unreachable(connection, error).message}"
            ) from error

    def _rejected(self, connection: Connection, error: Any) -> Exception:
        """The server's answer to the upgrade: Refused when it is about permissions, else SessionLost."""
        body = error.resp_body or b""
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
        refused = refusal(connection, int(error.status_code), text)
        if refused.status in (401, 403):
            return refused
        return SessionLost(f"No exec session with pod {self._where}: {refused.message}")

    def _send(self, script: str) -> None:
        if self._socket is None:
            raise SessionLost(f"The exec session with pod {self._where} is closed")
        data = script.encode()
        for start in range(0, len(data), _FRAME):
            self._socket.write_channel(_STDIN, data[start : start + _FRAME])

    def _receive(self, mark: bytes, until: float, deadline: float) -> str:
        """Read until the mark stands on a line of its own; only what is new is searched."""
        searched = 0
        while True:
            end = _find_line(self._pending, mark, searched)
            if end is not None:
                output = bytes(self._pending[:end])
                del self._pending[: end + len(mark) + 1]
                return output.decode("utf-8", "replace")
            searched = max(0, len(self._pending) - len(mark) - 1)
            left = until - time.monotonic()
            if left <= 0:
                raise self._lost(f"no end mark within {deadline:g} s")
            self._read_more(left)

    def _read_more(self, seconds: float) -> None:
        """Wait for the next frames, and sort them; raises SessionLost when the shell has ended."""
        client = self._socket
        if client is None:
            raise self._lost("it was closed while in use")
        client.update(timeout=seconds)
        # stdout last: the look at an empty channel takes in frames of all channels, and frames of stdout
        # that came with a later look would lie there while the next update waits for the network.
        errors = client.read_channel(_STDERR)
        output = client.read_channel(_STDOUT)
        self._pending += output
        self._errors = (self._errors + errors)[-_STDERR_KEPT:]
        if not client.is_open() and not output:
            raise self._lost(_status_words(client.read_channel(_STATUS)))

    def _lost(self, why: str) -> SessionLost:
        """The end of this session: close it, and say why with what the shell said last."""
        said = " ".join(self._errors.decode("utf-8", "replace").split())[-300:]
        partial = self._pending.decode("utf-8", "replace")
        self._pending.clear()
        self.close()
        words = f"{why}; its last words: {said}" if said else why
        return SessionLost(f"The exec session with pod {self._where} was lost: {words}", partial=partial)


def _find_line(data: bytearray, mark: bytes, start: int) -> int | None:
    """Where a line that is ``mark`` begins, from ``start`` on; None when there is none yet."""
    position = data.find(mark + b"\n", start)
    while position > 0 and data[position - 1 : position] != b"\n":
        position = data.find(mark + b"\n", position + 1)
    return position if position >= 0 else None


def _status_words(status: bytes) -> str:
    """Why the shell ended, from the Status on the last channel."""
    try:
        answer = json.loads(status)
    except ValueError:
        return "the server closed the connection"
    if isinstance(answer, dict) and answer.get("status") != "Success":
        return str(answer.get("message") or "the shell failed")
    return "the shell ended"
