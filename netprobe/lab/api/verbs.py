"""The verbs on resources: from a request and its target to the answer."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from netprobe.lab.api.creating import create
from netprobe.lab.api.deleting import delete, delete_collection
from netprobe.lab.api.exec import exec_request, serve_exec
from netprobe.lab.api.listing import list_objects, select
from netprobe.lab.api.logs import serve_log
from netprobe.lab.api.negotiate import answer, encode, read_json, read_optional_json, read_patch, wants
from netprobe.lab.api.options import delete_options, list_options, truth, write_options
from netprobe.lab.api.patching import patcher
from netprobe.lab.api.paths import Target
from netprobe.lab.api.processes import Machinery
from netprobe.lab.api.registry import Registry, Written, read
from netprobe.lab.api.status_errors import method_not_allowed
from netprobe.lab.api.tables import table
from netprobe.lab.api.updating import patch, replace, scale_of
from netprobe.lab.api.watching import watch

_WRITES = {"PUT": "update", "PATCH": "patch", "POST": "create"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Backend:
    """What the verbs work on."""

    registry: Registry
    machinery: Machinery


def verb_of(request: web.Request, target: Target) -> str:
    """The verb, as RBAC names it."""
    if request.method in {"GET", "HEAD"}:
        if truth(request.query.get("watch", "")) and not target.subresource:
            return "watch"
        return "get" if target.name else "list"
    if request.method == "DELETE":
        return "delete" if target.name else "deletecollection"
    return _WRITES.get(request.method, request.method.lower())


async def serve(backend: Backend, request: web.Request, target: Target) -> web.StreamResponse:
    """Answer a request to a resource; raises StatusError."""
    verb = verb_of(request, target)
    if verb not in _allowed(target):
        raise method_not_allowed()
    if target.subresource in {"exec", "log"}:
        return await _serve_process(backend, request, target)
    if verb in {"get", "list", "watch"}:
        return await _serve_read(backend.registry, request, target, verb)
    return await _serve_write(backend.registry, request, target, verb)


def _allowed(target: Target) -> tuple[str, ...]:
    sub = target.resource.subresource(target.subresource)
    if sub is not None:
        return sub.verbs
    on_collection = ("create", "deletecollection", "list", "watch")
    on_object = ("delete", "get", "patch", "update", "watch")
    here = on_object if target.name else on_collection
    return tuple(verb for verb in target.resource.verbs if verb in here)


async def _serve_process(backend: Backend, request: web.Request, target: Target) -> web.StreamResponse:
    pod = read(backend.registry, target)
    if target.subresource == "exec":
        wanted = exec_request(pod, request.query)
        return await serve_exec(request, wanted, backend.machinery.run)
    return await serve_log(request, pod, backend.machinery)


async def _serve_read(
    registry: Registry, request: web.Request, target: Target, verb: str
) -> web.StreamResponse:
    options = list_options(request.query)
    if verb == "watch":
        return await _stream(registry, request, target)
    as_table = wants(request, "Table") and not target.subresource
    if verb == "list":
        if as_table:
            found, meta = select(registry.store, target, options)
            return answer(table(target.resource, found, meta, now=registry.now()))
        return answer(list_objects(registry.store, target, options))
    obj = read(registry, target)
    if target.subresource == "scale":
        return answer(scale_of(obj))
    if as_table:
        meta = {"resourceVersion": obj["metadata"]["resourceVersion"]}
        return answer(table(target.resource, [obj], meta, now=registry.now()))
    return answer(obj)


async def _stream(registry: Registry, request: web.Request, target: Target) -> web.StreamResponse:
    """Send a watch as one JSON event a line, each as it happens."""
    as_table = wants(request, "Table")
    events = watch(registry.store, target, list_options(request.query))
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    async for event in events:
        told = event
        if as_table and event["type"] != "ERROR":
            obj = event["object"]
            meta = {"resourceVersion": obj["metadata"]["resourceVersion"]}
            rows = [] if event["type"] == "BOOKMARK" else [obj]
            told = {"type": event["type"], "object": table(target.resource, rows, meta, now=registry.now())}
        await response.write(encode(told))
    await response.write_eof()
    return response


async def _serve_write(
    registry: Registry, request: web.Request, target: Target, verb: str
) -> web.StreamResponse:
    if verb in {"delete", "deletecollection"}:
        return await _serve_deletion(registry, request, target)
    options = write_options(request.query)
    if verb == "create":
        return _written(create(registry, target, await read_json(request), options), status=201)
    if verb == "update":
        return _written(replace(registry, target, await read_json(request), options))
    edit = patcher(request.content_type, await read_patch(request), target.resource.kind)
    return _written(patch(registry, target, edit, options))


async def _serve_deletion(registry: Registry, request: web.Request, target: Target) -> web.StreamResponse:
    options = delete_options(request.query, await read_optional_json(request))
    if target.name:
        return answer(delete(registry, target, options))
    selection = list_options(request.query)
    answered = list_objects(registry.store, target, selection)
    delete_collection(registry, target, selection, options)
    return answer(answered)


def _written(written: Written, *, status: int = 200) -> web.Response:
    return answer(written.body, status=status, warnings=written.warnings)
