"""As much of HTTP/1.1 as a server of short answers needs; bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

MAX_HEAD = 65_536
"""Bytes of a request's head, after which the connection is closed."""

_PHRASES = {status.value: status.phrase for status in HTTPStatus}

Respond = Callable[[str], tuple[int, str]]
"""From a request target to status and body."""


class Connection:
    """The state of one connection: feed it what arrived, send what it returns.

    ``finished`` is set when the connection is to be closed after sending.
    """

    __slots__ = ("_body_left", "_buffer", "_respond", "finished")

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._buffer = b""
        self._body_left = 0
        self.finished = False

    def feed(self, data: bytes) -> bytes:
        """Take bytes of the client and return bytes for it (maybe none)."""
        self._buffer += data
        answers = b""
        while not self.finished:
            skipped = min(self._body_left, len(self._buffer))
            self._buffer, self._body_left = self._buffer[skipped:], self._body_left - skipped
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if self._body_left or not end:
                self.finished = len(self._buffer) > MAX_HEAD
                break
            self._buffer = rest
            answers += self._answer(head.decode("latin-1"))
        return answers

    def _answer(self, head: str) -> bytes:
        request_line, *lines = head.split("\r\n")
        words = request_line.split(" ")
        fields = {name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
        length = fields.get("content-length", "0")
        if (
            len(words) != 3
            or not words[2].startswith("HTTP/1.")
            or not (length.isascii() and length.isdigit())
        ):
            self.finished = True
            return _response(HTTPStatus.BAD_REQUEST, "400 Bad Request", close=True)
        self._body_left = int(length)
        wish = fields.get("connection", "").lower()
        keep = wish == "keep-alive" if words[2] == "HTTP/1.0" else wish != "close"
        self.finished = not keep or "transfer-encoding" in fields
        status, body = self._respond(words[1])
        return _response(status, "" if words[0] == "HEAD" else body, close=self.finished)


def _response(status: int, body: str, *, close: bool) -> bytes:
    content = body.encode()
    return (
        f"HTTP/1.1 {int(status)} {_PHRASES.get(status, 'Status')}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(content)}\r\n"
        f"{'Connection: close' if close else 'Connection: keep-alive'}\r\n\r\n"
    ).encode() + content
