"""Bodies and answers: what came in as JSON, what goes out, and in which form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from netprobe.lab.api import protobuf
from netprobe.lab.api.status_errors import StatusError, bad_request, unsupported_media_type

_JSON_TYPES = ("", "application/json", "application/octet-stream")


async def read_json(request: web.Request) -> Any:
    """The body of a write, from JSON or protobuf; raises StatusError (400, or 415 for another form)."""
    if request.content_type not in (*_JSON_TYPES, protobuf.MEDIA_TYPE):
        raise unsupported_media_type()
    return await _parse(request)


async def read_patch(request: web.Request) -> Any:
    """The body of a patch, whatever its media type; raises StatusError (400, 415 for apply patches)."""
    if request.content_type == "application/apply-patch+yaml":
        raise unsupported_media_type()
    return await _parse(request)


async def read_optional_json(request: web.Request) -> dict[str, Any]:
    """The body of a deletion, {} when there is none; raises StatusError (400)."""
    if not request.can_read_body:
        return {}
    body = await _parse(request)
    if not isinstance(body, dict):
        raise bad_request("the body is no DeleteOptions")
    return body


def answer(
    body: Any, *, status: int = 200, content_type: str = "application/json", warnings: Iterable[str] = ()
) -> web.Response:
    """A JSON answer; ``warnings`` become Warning headers as clients print them."""
    response = web.Response(body=encode(body), status=status)
    response.headers["Content-Type"] = content_type
    for warning in warnings:
        quoted = warning.replace("\\", "\\\\").replace('"', '\\"')
        response.headers.add("Warning", f'299 - "{quoted}"')
    return response


def refusal(error: StatusError) -> web.Response:
    """The answer to a request that is refused."""
    return answer(error.body, status=error.code)


def not_served() -> web.Response:
    """The answer to a path that is no part of the API."""
    return web.Response(text="404 page not found\n", status=404)


def encode(body: Any) -> bytes:
    """Compact JSON with a final newline."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def wants(request: web.Request, form: str) -> bool:
    """Whether the client prefers ``as=<form>`` (Table, APIGroupDiscoveryList …) to the plain object."""
    first = request.headers.get("Accept", "").split(",")[0]
    return f"as={form}" in {part.strip() for part in first.split(";")}


async def _parse(request: web.Request) -> Any:
    raw = await request.read()
    if request.content_type == protobuf.MEDIA_TYPE:
        return protobuf.read_protobuf(raw)
    try:
        return json.loads(raw)
    except ValueError as error:
        raise bad_request(f"couldn't parse the body as JSON: {error}") from None
