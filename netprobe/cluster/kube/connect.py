"""From a kubeconfig to a client: contexts, credentials, certificates, or the pod's own account."""

from __future__ import annotations

import difflib
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3
from kubernetes import client as kubernetes_client
from kubernetes.config import ConfigException, load_incluster_config
from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger

from netprobe.errors import EnvironmentFailure, InputError

_POOL = 32
"""Connections kept open to the API server: as many threads as may call at once."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_NOT_A_KUBECONFIG = (ConfigException, OSError, ValueError, AttributeError, KeyError, TypeError, LookupError)
"""What the client library raises on kubeconfigs that are none, PyYAML's errors aside."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A client and what it is connected to."""

    client: kubernetes_client.ApiClient
    context: str
    server: str


def connect(context: str = "", environment: Mapping[str, str] | None = None) -> Connection:
    """A client for a kubeconfig context ("" for the current one), or for the cluster that we run in.

    Reads the files of KUBECONFIG, else ``~/.kube/config``; without any file, and without a context,
    the service account of the pod. Nothing is sent to the server. Raises InputError when there is no
    such kubeconfig or context, EnvironmentFailure when credentials cannot be had.
    """
    variables = os.environ if environment is None else environment
    listed = variables.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    files = [Path(each).expanduser() for each in listed.split(os.pathsep) if each]
    if not any(each.exists() for each in files):
        return _connect_in_cluster(context, files, variables)
    config = _read_files(files)
    return _connect_with(config, context, origin=os.pathsep.join(map(str, files)))


def connect_to(kubeconfig: Mapping[str, Any]) -> Connection:
    """A client for the current context of a kubeconfig given as data (the lab's)."""
    return _connect_with(dict(kubeconfig), "", origin="the given kubeconfig")


def _read_files(files: list[Path]) -> Any:
    present = os.pathsep.join(str(each) for each in files if each.exists())
    try:
        merged = KubeConfigMerger(present).config
    except Exception as error:
        if not isinstance(error, _NOT_A_KUBECONFIG) and not _is_yaml_error(error):
            raise
        raise _unreadable(present, " ".join(str(error).split())) from error
    if not _value(merged):
        raise _unreadable(present, "it is empty")
    return merged


def _unreadable(present: str, why: str) -> InputError:
    return InputError(
        f"{present} cannot be read as a kubeconfig: {why}",
        remedy="Check KUBECONFIG, or `kubectl config view`.",
    )


def _is_yaml_error(error: Exception) -> bool:
    """Whether PyYAML raised it (its one door is elsewhere, so not by class)."""
    return any(base.__module__.startswith("yaml.") for base in type(error).__mro__)


def _connect_in_cluster(context: str, files: list[Path], variables: Mapping[str, str]) -> Connection:
    looked = " or ".join(map(str, files)) or "KUBECONFIG"
    if context or not variables.get("KUBERNETES_SERVICE_HOST"):
        raise InputError(
            f"There is no kubeconfig: {looked} does not exist.",
            remedy="Set KUBECONFIG to your kubeconfig file, or use `--cluster lab`.",
        )
    configuration = _configuration()
    try:
        load_incluster_config(client_configuration=configuration)
    except ConfigException as error:
        raise EnvironmentFailure(
            f"This pod's service account cannot be used: {error}",
            remedy="Mount its token (automountServiceAccountToken: true), or set KUBECONFIG.",
        ) from error
    return _finish(configuration, "in-cluster")


def _connect_with(config: Any, context: str, origin: str) -> Connection:
    name = context or str(_value(config).get("current-context") or "")
    known = [str(_value(each).get("name")) for each in _value(config).get("contexts") or ()]
    if name not in known:
        raise _unknown_context(name, known, origin)
    configuration = _configuration()
    with _captured_log() as complaints:
        try:
            loader = KubeConfigLoader(config_dict=config, active_context=name, config_base_path=None)
            loader.load_and_set(configuration)
        except _NOT_A_KUBECONFIG as error:
            words = " ".join(str(error).split())
            raise InputError(
                f"Context {name} of {origin} cannot be used: {words}",
                remedy=f"Check `kubectl --context {name} version`.",
            ) from error
    if complaints:
        raise EnvironmentFailure(
            f"The credentials of context {name} cannot be had: {complaints[0]}",
            remedy=f"Log in again, and check `kubectl --context {name} version`.",
        )
    return _finish(configuration, name)


def _value(node: Any) -> dict[str, Any]:
    """The plain mapping in a config node of the client library."""
    value = getattr(node, "value", node)
    return value if isinstance(value, dict) else {}


def _unknown_context(name: str, known: list[str], origin: str) -> InputError:
    if not name:
        return InputError(
            f"{origin} has no current context.",
            remedy=f"Name one: {', '.join(f'context:{each}' for each in known) or 'it has none'}.",
        )
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    return InputError(
        f"{origin} has no context {name!r}.{hint}",
        remedy=f"It has: {', '.join(known) or 'none'}.",
    )


def _configuration() -> kubernetes_client.Configuration:
    configuration = kubernetes_client.Configuration()
    configuration.retries = False  # an unreachable server is a finding, not something to wait for
    configuration.connection_pool_maxsize = _POOL
    return configuration


def _finish(configuration: kubernetes_client.Configuration, context: str) -> Connection:
    """Set what kubeconfigs do not say, and make the client.

    A proxy of the environment never stands between us and a server on this machine.
    """
    if not configuration.verify_ssl:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    if urlsplit(configuration.host).hostname in _LOOPBACK:
        configuration.proxy = None
        configuration.no_proxy = "*"
    client = kubernetes_client.ApiClient(configuration)
    client.user_agent = "netprobe"
    return Connection(client=client, context=context, server=configuration.host)


@contextmanager
def _captured_log() -> Iterator[list[str]]:
    """Collect what the client library logs: it reports a failing exec plugin there, and nowhere else."""
    words: list[str] = []
    root = logging.getLogger()

    class _Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            words.append(" ".join(record.getMessage().split()))

    collector = _Collector(level=logging.ERROR)
    others, root.handlers = root.handlers, [collector]
    try:
        yield words
    finally:
        root.handlers = others
