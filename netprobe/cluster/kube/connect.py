"""From a kubeconfig to a client: contexts, credentials, certificates, or the pod's own account."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import client as kubernetes_client
from kubernetes.config import ConfigException
from kubernetes.config.incluster_config import InClusterConfigLoader
from kubernetes.config.kube_config import KubeConfigLoader

from netprobe.cluster.kube.credentials import Credentials, certificate_expiry, token_expiry
from netprobe.cluster.kube.kubeconfig import (
    Chosen,
    Entry,
    Kubeconfig,
    kubeconfig_files,
    kubeconfig_of,
    read_kubeconfig,
)
from netprobe.cluster.kube.plugins import check_user, plugin_failure
from netprobe.cluster.kube.proxies import set_proxy
from netprobe.errors import EnvironmentFailure, InputError

_POOL = 32
"""Connections kept open to the API server: as many threads as may call at once."""
_NOT_A_KUBECONFIG = (ConfigException, OSError, ValueError, AttributeError, KeyError, TypeError, LookupError)
"""What the client library raises on kubeconfigs that are none."""

IN_CLUSTER = "in-cluster"
"""The context that stands for the service account of the pod that netprobe runs in."""

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""Where a pod finds the token of its service account."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A client and what it is connected to; ``proxy`` stands between them, "" when none does."""

    client: kubernetes_client.ApiClient
    context: str
    server: str
    credentials: Credentials = field(default_factory=Credentials)
    proxy: str = ""


def connect(
    context: str = "", environment: Mapping[str, str] | None = None, account: Path = ACCOUNT
) -> Connection:
    """A client for a kubeconfig context ("" for the current one), or for the cluster that we run in.

    Reads the files of KUBECONFIG, else ``~/.kube/config``. Without any file and without a context, and for
    the context ``in-cluster`` where no file has it, the service account of the pod, from the folder
    ``account``. Nothing is sent to the server. Raises InputError when there is no such kubeconfig or
    context, EnvironmentFailure when credentials cannot be had.
    """
    variables = os.environ if environment is None else environment
    files = kubeconfig_files(variables)
    there = any(file.exists() for file in files)
    config = read_kubeconfig(files) if there else Kubeconfig(origin=os.pathsep.join(map(str, files)))
    in_pod = bool(variables.get("KUBERNETES_SERVICE_HOST"))
    if context == IN_CLUSTER and context not in config.contexts:
        return _connect_in_cluster(variables, account)
    if not there and not context and in_pod:
        return _connect_in_cluster(variables, account)
    if not there:
        raise InputError(
            f"There is no kubeconfig: {' or '.join(map(str, files))} does not exist.",
            remedy="Set KUBECONFIG to your kubeconfig file, or use `--cluster lab`"
            + (", or `--cluster context:in-cluster` for the account of this pod." if in_pod else "."),
        )
    return _connect_with(config, context, variables)


def connect_to(kubeconfig: Mapping[str, Any]) -> Connection:
    """A client for the current context of a kubeconfig given as data (the lab's)."""
    return _connect_with(kubeconfig_of(kubeconfig, "the given kubeconfig"), "", os.environ)


def _connect_in_cluster(variables: Mapping[str, str], account: Path) -> Connection:
    if not variables.get("KUBERNETES_SERVICE_HOST"):
        raise InputError(
            "context:in-cluster is the service account of a pod, and this is none"
            " (KUBERNETES_SERVICE_HOST is not set).",
            remedy="Name a context of your kubeconfig, or run netprobe in a pod (docs/in-cluster.md).",
        )
    configuration = _configuration()
    token = account / "token"
    try:
        loader = InClusterConfigLoader(str(token), str(account / "ca.crt"), environ=variables)
        loader.load_and_set(configuration)
    except (ConfigException, OSError) as error:
        raise EnvironmentFailure(
            f"This pod's service account cannot be used ({account}): {error}",
            remedy="Mount its token (automountServiceAccountToken: true), or set KUBECONFIG.",
        ) from error
    credentials = Credentials(
        words=f"the service account's token ({token})",
        expires=token_expiry(token.read_text(encoding="utf-8").strip()),
        renew="Let the kubelet renew it: delete the pod",
    )
    return _finish(configuration, IN_CLUSTER, credentials, None, variables)


def _connect_with(config: Kubeconfig, context: str, variables: Mapping[str, str]) -> Connection:
    chosen = config.choose(context)
    check_user(chosen, variables)
    configuration = _configuration()
    with _captured_log() as complaints:
        try:
            loader = KubeConfigLoader(
                config_dict=chosen.as_data(), active_context=chosen.name, config_base_path=None
            )
            loader.load_and_set(configuration)
        except _NOT_A_KUBECONFIG as error:
            words = " ".join(str(error).split())
            raise InputError(
                f"Context {chosen.name} of {config.origin} cannot be used: {words}",
                remedy=f"Check `kubectl --context {chosen.name} version`.",
            ) from error
    if complaints:
        raise plugin_failure(chosen, complaints[0])
    credentials = _credentials(chosen, configuration, getattr(loader, "expiry", None))
    return _finish(configuration, chosen.name, credentials, chosen.cluster, variables)


def _credentials(
    chosen: Chosen, configuration: kubernetes_client.Configuration, expiry: datetime | None
) -> Credentials:
    """What the client will show; a token is looked at before a certificate, as servers do not mind both."""
    if chosen.user is None:
        return Credentials()
    of = f"of user {chosen.user_name} ({chosen.user.place})"
    token = str(configuration.api_key.get("BearerToken") or "")
    if chosen.user.body.get("exec"):
        words = f"what the credential plugin {chosen.user.body['exec']['command']} gave {of}"
        expires = expiry or token_expiry(token.removeprefix("Bearer "))
        return Credentials(words=words, expires=expires)
    if token.startswith("Bearer "):
        expires = expiry or token_expiry(token.removeprefix("Bearer "))
        return Credentials(words=f"the token {of}", expires=expires, renew="Get a new token")
    if token:
        return Credentials(words=f"the password {of}")
    if configuration.cert_file:
        return Credentials(
            words=f"the client certificate {of}",
            expires=certificate_expiry(Path(configuration.cert_file)),
            renew="Get a new client certificate (kubeadm: kubeadm certs renew admin.conf)",
        )
    return Credentials(words=f"no credentials {of}")


def _configuration() -> kubernetes_client.Configuration:
    configuration = kubernetes_client.Configuration()
    configuration.retries = False  # an unreachable server is a finding, not something to wait for
    configuration.connection_pool_maxsize = _POOL
    return configuration


def _finish(
    configuration: kubernetes_client.Configuration,
    context: str,
    credentials: Credentials,
    cluster: Entry | None,
    variables: Mapping[str, str],
) -> Connection:
    """Set what kubeconfigs do not say, and make the client."""
    if not configuration.verify_ssl:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    proxy = set_proxy(configuration, cluster, variables)
    client = kubernetes_client.ApiClient(configuration)
    client.user_agent = "netprobe"
    return Connection(
        client=client, context=context, server=configuration.host, credentials=credentials, proxy=proxy
    )


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
