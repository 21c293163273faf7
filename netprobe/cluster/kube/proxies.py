"""Which proxy stands before an API server: decided once, for HTTP and for WebSockets alike.

The libraries below would each read the environment for themselves, with different rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3
from kubernetes.client import Configuration
from kubernetes.client.rest import should_bypass_proxies

from netprobe.cluster.kube.kubeconfig import Entry
from netprobe.errors import InputError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_NOBODY = "no-such-host.invalid"
"""An exception that meets no server: without any, the WebSocket library would read NO_PROXY."""
_NO_PROXY = "http://no-proxy.invalid:80"
"""A proxy to be passed over: without any, the WebSocket library would read HTTPS_PROXY."""


def set_proxy(configuration: Configuration, cluster: Entry | None, environment: Mapping[str, str]) -> str:
    """Set the proxy that kubectl would use for this server, or none; return it, without its password.

    ``proxy-url`` of the cluster comes first, and NO_PROXY does not speak of it; else HTTPS_PROXY or
    HTTP_PROXY, by the scheme of the server. A proxy of the environment never stands between us and this
    machine. Raises InputError for a proxy that is not reached by plain HTTP.
    """
    server = str(configuration.host)
    url, origin = _chosen(server, cluster, environment)
    if not url:
        configuration.proxy = _NO_PROXY
        configuration.no_proxy = "*"
        return ""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        port = parts.port or 80
    except ValueError:
        port = 0
    if parts.scheme != "http" or not parts.hostname or not port:
        raise InputError(
            f"{origin} is {_without_password(url)!r}, a proxy that netprobe cannot use",
            remedy="Name a proxy as http://HOST:PORT: exec sessions are WebSockets, which go through such"
            " proxies only (it may serve https servers).",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    configuration.proxy = f"http://{host}:{port}"
    configuration.no_proxy = _NOBODY
    configuration.proxy_headers = _headers(parts)
    return str(configuration.proxy)


def _chosen(server: str, cluster: Entry | None, environment: Mapping[str, str]) -> tuple[str, str]:
    """The proxy's URL ("" for none), and who says so."""
    said = str(cluster.body.get("proxy-url") or "") if cluster is not None else ""
    if said and cluster is not None:
        return said, f"{cluster.place}: proxy-url"
    parts = urlsplit(server)
    if parts.hostname in _LOOPBACK:
        return "", ""
    name = f"{parts.scheme}_proxy"
    exceptions = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    if should_bypass_proxies(server, exceptions):
        return "", ""
    for variable in (name, name.upper()):
        if environment.get(variable):
            return environment[variable], f"The environment variable {variable}"
    return "", ""


def _headers(parts: Any) -> dict[str, str]:
    """The header by which one logs in at the proxy; neither library takes it from the URL."""
    if not parts.username:
        return {}
    words = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    headers: dict[str, str] = urllib3.make_headers(proxy_basic_auth=words)
    return headers


def _without_password(url: str) -> str:
    secret = urlsplit(url).password
    return url.replace(f":{secret}@", ":…@") if secret else url
