"""Plain objects over the official client's HTTP: no generated models, every failure in a sentence."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import urllib3
from kubernetes.client.exceptions import ApiException
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from netprobe.cluster.kube.connect import Connection
from netprobe.errors import EnvironmentFailure, Refused

_TIMEOUTS = (5.0, 30.0)
"""Seconds to connect, and to read."""
_BUSY = (429, 500, 503, 504)
"""Answers of a server that is busy, or about to be replaced by another one."""
FORBIDDEN_REMEDY = "Give your account what `netprobe rbac` prints (docs/live-clusters.md)."
ANY_JSON = "application/json"
_MERGE = "application/merge-patch+json"

Query = Mapping[str, str]


class Rest:
    """The API server's objects as plain dicts. May be called from several threads."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, path: str, query: Query | None = None, *, accept: str = ANY_JSON) -> dict[str, Any]:
        """The object at a path, in the form that ``accept`` asks for."""
        return self._call("GET", path, query=query, accept=accept)

    def items(
        self, path: str, query: Query | None = None, *, accept: str = ANY_JSON
    ) -> tuple[dict[str, Any], ...]:
        """All objects of a collection, with their kind and apiVersion, in pages of 500."""
        asked = {"limit": "500", **(query or {})}
        found: list[dict[str, Any]] = []
        while True:
            answer = self.get(path, asked, accept=accept)
            kind, version = str(answer.get("kind", "")).removesuffix("List"), answer.get("apiVersion")
            found += ({"apiVersion": version, "kind": kind, **item} for item in answer.get("items") or ())
            rest = (answer.get("metadata") or {}).get("continue")
            if not rest:
                return tuple(found)
            asked["continue"] = str(rest)

    def text(self, path: str, query: Query | None = None) -> str:
        """What stands at a path, as text (a container's log)."""
        return self._exchange("GET", path, query, None, {"Accept": "*/*", "User-Agent": "netprobe"})

    def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST an object to its collection."""
        return self._call("POST", path, body=body)

    def would_create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST an object as a dry run: the server answers as if it had created it, and creates nothing."""
        return self._call("POST", path, query={"dryRun": "All"}, body=body)

    def server_time(self) -> datetime | None:
        """The server's clock, from the Date of an answer; None where it does not say."""
        response = self._response(
            "GET", "/version", None, None, {"Accept": ANY_JSON, "User-Agent": "netprobe"}
        )
        response.read()
        said = response.headers.get("Date")
        try:
            return None if said is None else parsedate_to_datetime(said)
        except ValueError:
            return None

    def replace(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """PUT an object."""
        return self._call("PUT", path, body=body)

    def merge(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """PATCH an object with a JSON merge patch."""
        return self._call("PATCH", path, body=body, content_type=_MERGE)

    def delete(self, path: str, preconditions: Mapping[str, str] | None = None) -> dict[str, Any]:
        """DELETE an object, and what it owns in the background; only while the ``preconditions`` hold."""
        options = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
        body = None if preconditions is None else {**options, "preconditions": dict(preconditions)}
        return self._call("DELETE", path, query={"propagationPolicy": "Background"}, body=body)

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Mapping[str, Any] | None = None,
        content_type: str = ANY_JSON,
        accept: str = ANY_JSON,
    ) -> dict[str, Any]:
        """One call, repeated a few times when the server is busy (reads: also when the connection broke)."""
        tries = Retrying(
            retry=retry_if_exception(lambda error: _is_passing(error, method)),
            wait=wait_exponential(multiplier=0.2, max=2.0),
            stop=stop_after_attempt(4),
            reraise=True,
        )
        headers = {"Accept": accept, "User-Agent": "netprobe"}
        if body is not None:
            headers["Content-Type"] = content_type
        return tries(self._call_once, method, path, query, body, headers)

    def _call_once(
        self,
        method: str,
        path: str,
        query: Query | None,
        body: Mapping[str, Any] | None,
        headers: dict[str, str],
    ) -> dict[str, Any]:
        return _as_object(self._exchange(method, path, query, body, headers), path)

    def _exchange(
        self,
        method: str,
        path: str,
        query: Query | None,
        body: Mapping[str, Any] | None,
        headers: dict[str, str],
    ) -> str:
        """One request; returns the text of a good answer, raises Refused for a bad one."""
        response = self._response(method, path, query, body, headers)
        try:
            status: int = response.status
            text: str = response.read().decode("utf-8", "replace")
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise unreachable(self.connection, error) from error
        if 200 <= status < 300:
            return text
        raise refusal(self.connection, status, text)

    def _response(
        self,
        method: str,
        path: str,
        query: Query | None,
        body: Mapping[str, Any] | None,
        headers: dict[str, str],
    ) -> Any:
        """The answer as the official client has it; raises ConnectionBroke without one."""
        client = self.connection.client
        try:
            _, url, sent, _, _ = client.param_serialize(
                method,
                path,
                query_params=list((query or {}).items()),
                header_params=dict(headers),
                auth_settings=["BearerToken"],
            )
            return client.rest_client.request(
                method, url, headers=sent, body=body, _request_timeout=_TIMEOUTS
            )
        except (urllib3.exceptions.HTTPError, ApiException, OSError) as error:
            raise unreachable(self.connection, error) from error


class ConnectionBroke(EnvironmentFailure):
    """The connection to the API server failed; ``before_sending`` when it was never made."""

    def __init__(self, message: str, *, remedy: str, before_sending: bool) -> None:
        super().__init__(message, remedy=remedy)
        self.before_sending = before_sending


def unreachable(connection: Connection, error: BaseException) -> ConnectionBroke:
    """Why the server could not be talked to, in a sentence."""
    server, context = connection.server, connection.context
    words = _cause(error)
    remedy = f"Check that the cluster is up, and `kubectl --context {context} version`."
    expired = connection.credentials.expired()
    if isinstance(_innermost(error), ssl.SSLCertVerificationError) and "expired" in words:
        remedy = (
            "Renew the API server's certificate (kubeadm: kubeadm certs renew apiserver), or set this"
            " machine's clock."
        )
    elif "certificate" in words.lower() or "ssl" in words.lower():
        remedy = (
            f"Check certificate-authority-data of context {context}: the cluster may have been made anew."
        )
        remedy = f"{connection.credentials.renew}." if expired else remedy
    also = f"; {expired}" if expired else ""
    way = f" through the proxy {connection.proxy}" if connection.proxy else ""
    return ConnectionBroke(
        f"The API server {server} (context {context}){way} cannot be reached: {words}{also}.",
        remedy=remedy,
        before_sending=isinstance(_innermost(error), (ConnectionRefusedError, TimeoutError)),
    )


def refusal(connection: Connection, status: int, text: str) -> Refused:
    """The server's error answer: its own words, and what can be done."""
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    answer = answer if isinstance(answer, dict) else {}
    reason = str(answer.get("reason") or "")
    words = str(answer.get("message") or " ".join(text.split())[:300] or f"HTTP {status}")
    context = connection.context
    if status == 401:
        expired = connection.credentials.expired()
        return Refused(
            f"The API server {connection.server} does not accept the credentials of context {context}"
            f" (401: {words}): {expired or f'{connection.credentials.words} may have expired'}.",
            status=status,
            reason=reason or "Unauthorized",
            remedy=f"{connection.credentials.renew}, and check `kubectl --context {context} auth whoami`.",
        )
    remedy = FORBIDDEN_REMEDY if status == 403 else ""
    return Refused(f"The API server refused: {words}", status=status, reason=reason, remedy=remedy)


def _as_object(text: str, path: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise EnvironmentFailure(
            f"What answers at {path} is no Kubernetes API server: {' '.join(text.split())[:120]!r}",
            remedy="Check the server address in your kubeconfig.",
        )
    return answer


def _is_passing(error: BaseException, method: str) -> bool:
    if isinstance(error, Refused):
        return error.status in _BUSY and (method == "GET" or error.status in (429, 503))
    return isinstance(error, ConnectionBroke) and method == "GET" and not error.before_sending


def _innermost(error: BaseException) -> BaseException:
    seen = error
    while True:
        inner = getattr(seen, "reason", None)
        inner = inner if isinstance(inner, BaseException) else seen.__cause__ or seen.__context__
        if inner is None or inner is error:
            return seen
        seen = inner


def _cause(error: BaseException) -> str:
    """What went wrong, without the layers around it."""
    inner = _innermost(error)
    if isinstance(inner, ConnectionRefusedError):
        return "connection refused"
    if isinstance(inner, TimeoutError) or isinstance(error, urllib3.exceptions.TimeoutError):
        return f"no answer within {_TIMEOUTS[0]:g} s"
    if isinstance(inner, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({inner.verify_message})"
    return " ".join(str(inner).split())
