"""Logs of containers: whole, from their tail, or as they are written."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from netprobe.lab.api.exec import container_of
from netprobe.lab.api.options import number, truth
from netprobe.lab.api.processes import Machinery
from netprobe.lab.api.status_errors import bad_request
from netprobe.lab.store.objects import Object

_TIMES = ("timestamps", "sinceSeconds", "sinceTime")


async def serve_log(request: web.Request, pod: Object, machinery: Machinery) -> web.StreamResponse:
    """Answer with a container's log; raises StatusError (400) for what the lab does not keep."""
    query = request.query
    container = container_of(pod, query.get("container", ""))
    _check(pod, container, query)
    if truth(query.get("follow", "")):
        return await _follow(request, pod, container, machinery)
    text = _tail(await machinery.logs(pod, container), query.get("tailLines", ""))
    if "limitBytes" in query:
        text = text[: number("limitBytes", query["limitBytes"])]
    return web.Response(body=text, content_type="text/plain")


def _check(pod: Object, container: str, query: Mapping[str, str]) -> None:
    asked = [name for name in _TIMES if query.get(name, "false") != "false"]
    if asked:
        raise bad_request(f"the lab keeps no times of log lines, so it cannot serve {', '.join(asked)}")
    where = f'container "{container}" in pod "{pod["metadata"]["name"]}"'
    if truth(query.get("previous", "")):
        raise bad_request(f"previous terminated {where} not found: the lab keeps the present log only")
    waiting = _waits_for_its_start(pod, container)
    if waiting:
        raise bad_request(f"{where} is waiting to start: {waiting}")


def _waits_for_its_start(pod: Object, container: str) -> str:
    """Why a container was never started, or "" when it was."""
    status = pod.get("status", {})
    if "containerStatuses" not in status:
        return "ContainerCreating" if status.get("phase", "Pending") == "Pending" else ""
    for one in status["containerStatuses"]:
        waiting = one.get("state", {}).get("waiting")
        if one["name"] == container and waiting and not one.get("lastState"):
            return str(waiting.get("reason", "ContainerCreating"))
    return ""


async def _follow(
    request: web.Request, pod: Object, container: str, machinery: Machinery
) -> web.StreamResponse:
    """Send what there is, then what is added, until the container ends or the client leaves."""
    chunks = machinery.follow_log(pod, container)  # raises before the answer begins
    response = web.StreamResponse(headers={"Content-Type": "text/plain"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    tail = request.query.get("tailLines", "")
    async for chunk in chunks:
        await response.write(_tail(chunk, tail))
        tail = ""  # only what was there at first is cut
    await response.write_eof()
    return response


def _tail(text: bytes, count: str) -> bytes:
    """The last ``count`` lines ("" for all)."""
    if not count:
        return text
    lines = text.splitlines(keepends=True)
    return b"".join(lines[len(lines) - min(number("tailLines", count), len(lines)) :])
