"""What the servers say: requests in, answers out, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who answers (``hostname``), and whom: ``client`` as address:port. ``now`` is a time stamp."""

    hostname: str
    client: str
    now: str = ""


def answer_http(target: str, identity: Identity) -> tuple[int, str]:
    """Status and body for the request target (path and query).

    agnhost's remote shell, file upload, dialler and exit are left out: a lab's pod runs programs
    by exec only.
    """
    parts = urlsplit(target)
    match parts.path:
        case "/":
            return HTTPStatus.OK, f"NOW: {identity.now}"
        case "/hostname" | "/hostName":
            return HTTPStatus.OK, identity.hostname
        case "/clientip":
            return HTTPStatus.OK, identity.client
        case "/healthz":
            return HTTPStatus.OK, ""
        case "/echo":
            return _echo(parse_qs(parts.query, keep_blank_values=True))
        case _:
            return HTTPStatus.NOT_FOUND, "404 page not found\n"


def answer_datagram(request: str, identity: Identity) -> str | None:
    """The answer to a UDP datagram or an SCTP message; None for an unknown command: silence."""
    text = request.strip()
    match text.lower().split(" ", 1):
        case ["hostname"]:
            return identity.hostname
        case ["clientip"]:
            return identity.client
        case ["echo", _]:
            return text.split(" ", 1)[1]
        case _:
            return None


def _echo(fields: dict[str, list[str]]) -> tuple[int, str]:
    message = fields.get("msg", [""])[0]
    code = fields.get("code", [""])[0]
    if not code:
        return HTTPStatus.OK, message
    if not code.isascii() or not code.isdigit() or not 200 <= int(code) <= 599:
        return HTTPStatus.OK, f"argument 'code' must be an integer or empty, got \"{code}\"\n"
    return int(code), message
