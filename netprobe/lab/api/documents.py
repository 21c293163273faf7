"""Discovery over HTTP: the paths that tell what the API offers."""

from __future__ import annotations

from aiohttp import web

from netprobe.lab.api.discovery import (
    AGGREGATED,
    VERSION,
    aggregated,
    api_versions,
    group,
    group_list,
    resource_list,
)
from netprobe.lab.api.negotiate import answer, wants
from netprobe.lab.api.openapi import EMPTY_V2, V2_MEDIA_TYPE, index, openapi_document
from netprobe.lab.api.resources import resources_of


def document(request: web.Request, version: str) -> web.Response | None:
    """The answer to a path of discovery, or None for another path; ``version`` is the server's."""
    parts = request.path.strip("/").split("/")
    match parts:
        case ["version"]:
            return answer({**VERSION, "gitVersion": version})
        case ["healthz" | "livez" | "readyz"]:
            return web.Response(text="ok")
        case ["openapi", "v2"]:
            return web.Response(body=EMPTY_V2, content_type=V2_MEDIA_TYPE)
        case ["openapi", "v3", *rest]:
            return _openapi(rest)
        case ["api" | "apis", *rest]:
            return _api(request, core=parts[0] == "api", rest=rest)
        case _:
            return None


def _api(request: web.Request, *, core: bool, rest: list[str]) -> web.Response | None:
    if rest:
        return _group("", rest) if core else _group(rest[0], rest[1:])
    if wants(request, "APIGroupDiscoveryList"):
        return answer(aggregated(core=core), content_type=AGGREGATED)
    return answer(api_versions(request.host) if core else group_list())


def _group(name: str, version: list[str]) -> web.Response | None:
    if not version:
        body = group(name)
        return None if body is None else answer(body)
    if len(version) > 1 or not resources_of(name, version[0]):
        return None
    return answer(resource_list(name, version[0]))


def _openapi(rest: list[str]) -> web.Response | None:
    if not rest:
        return answer(index())
    name, version = (rest[1], rest[2]) if len(rest) == 3 else ("", rest[-1])
    body = openapi_document(name, version)
    return None if body is None else answer(body)
