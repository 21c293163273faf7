"""The API server: authentication, routing and the verbs, over the registry."""

from __future__ import annotations

import hmac
import socket
import ssl
from collections.abc import Callable

from aiohttp import web

from netprobe.errors import InputError, NetprobeError
from netprobe.lab.api.discovery import VERSION
from netprobe.lab.api.documents import document
from netprobe.lab.api.negotiate import answer, not_served, read_json, refusal
from netprobe.lab.api.paths import parse_target
from netprobe.lab.api.processes import Machinery
from netprobe.lab.api.registry import make_registry
from netprobe.lab.api.status_errors import (
    StatusError,
    anonymous,
    anonymous_path,
    bad_request,
    internal,
    unauthorized,
)
from netprobe.lab.api.verbs import Backend, serve, verb_of
from netprobe.lab.store.objects import Store

EXTERNALS_PATH = "/netprobe/externals"
_OPEN_PATHS = frozenset({"/version", "/healthz", "/livez", "/readyz"})
_MAX_BODY = 8 * 2**20


def build_application(
    store: Store,
    *,
    token: str,
    now: Callable[[], str],
    machinery: Machinery,
    version: str = VERSION["gitVersion"],
) -> web.Application:
    """The API over ``store`` as an aiohttp application; ``token`` is the bearer token of its one user.

    ``version`` is what the server says of itself.
    """
    backend = Backend(registry=make_registry(store, now), machinery=machinery)

    async def dispatch(request: web.Request) -> web.StreamResponse:
        try:
            return await _route(backend, token, version, request)
        except StatusError as error:
            return refusal(error)
        except InputError as failure:
            return refusal(bad_request(failure.message))
        except NetprobeError as failure:
            return refusal(internal(failure.message))

    app = web.Application(client_max_size=_MAX_BODY)
    app.router.add_route("*", "/{path:.*}", dispatch)
    return app


async def serve_on(app: web.Application, listener: socket.socket, tls: ssl.SSLContext) -> None:
    """Serve the application on a listening socket, for as long as the event loop runs."""
    # A watch or an exec ends with its client, whatever it waits for.
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener, ssl_context=tls, backlog=1024).start()


async def _route(backend: Backend, token: str, version: str, request: web.Request) -> web.StreamResponse:
    path = request.path
    if not _authenticate(token, request) and path not in _OPEN_PATHS:
        raise _anonymous(request)
    found = document(request, version)
    if found is not None:
        return found
    if path == EXTERNALS_PATH and request.method == "POST":
        hosts = await read_json(request)
        if not isinstance(hosts, list):
            raise bad_request("the body is no list of hosts")
        return answer(dict(await backend.machinery.provide_externals(hosts)))
    target = parse_target(path)
    return not_served() if target is None else await serve(backend, request, target)


def _authenticate(wanted: str, request: web.Request) -> bool:
    """Whether the request carries the token; raises StatusError (401) when it carries another one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return False
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), wanted.encode()):
        raise unauthorized()
    return True


def _anonymous(request: web.Request) -> StatusError:
    target = parse_target(request.path)
    if target is None:
        return anonymous_path(request.method.lower(), request.path)
    return anonymous(target.resource, verb_of(request, target), target.namespace, target.name)
