"""Credential plugins of a kubeconfig (``exec:``): looked at before they are run, and what they said after."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from netprobe.cluster.kube.kubeconfig import Chosen
from netprobe.errors import EnvironmentFailure, InputError

_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")
_GONE = {
    "gcp": "install gke-gcloud-auth-plugin and run `gcloud container clusters get-credentials`",
    "azure": "install kubelogin and run `kubelogin convert-kubeconfig`",
}
"""Ways to log in that kubectl 1.26 gave up, and what came in their place."""


def check_user(chosen: Chosen, environment: Mapping[str, str]) -> None:
    """Raise InputError for a user whose credentials certainly cannot be had (no such program …)."""
    if chosen.user is None:
        return
    body, where = chosen.user.body, f"{chosen.user.place}: user {chosen.user_name}"
    if any(body.get(key) for key in ("as", "as-uid", "as-groups", "as-user-extra")):
        raise InputError(
            f"{where} acts as somebody else (as:), which netprobe cannot: the Kubernetes client for Python"
            " opens exec sessions without it, as another account than the rest.",
            remedy="Use a context of the account itself.",
        )
    provider = body.get("auth-provider")
    name = str(provider.get("name")) if isinstance(provider, dict) else ""
    if name in _GONE:
        raise InputError(
            f"{where} logs in by auth-provider {name}, which Kubernetes no longer has.",
            remedy=f"Use the credential plugin: {_GONE[name]}.",
        )
    plugin = body.get("exec")
    if plugin is not None:
        _check_plugin(plugin, where, environment)


def _check_plugin(plugin: Any, where: str, environment: Mapping[str, str]) -> None:
    command = str(plugin.get("command") or "") if isinstance(plugin, dict) else ""
    if not command:
        raise InputError(f"{where}: exec names no command.", remedy="Check `kubectl config view`.")
    version = str(plugin.get("apiVersion") or "")
    if version not in _VERSIONS:
        raise InputError(
            f"{where}: the credential plugin speaks {version or 'no apiVersion'}; Kubernetes has"
            f" {' and '.join(_VERSIONS)}.",
            remedy="Let your cloud's command line write this kubeconfig anew.",
        )
    if shutil.which(command, path=environment.get("PATH")) is None:
        hint = " ".join(str(plugin.get("installHint") or "").split())
        raise InputError(
            f"{where}: the credential plugin {command} is not installed, or cannot be run.",
            remedy=hint or f"Install {command}, or put it on the PATH.",
        )
    if plugin.get("interactiveMode") == "Always" and not _has_terminal():
        raise InputError(
            f"{where}: the credential plugin {command} wants a terminal (interactiveMode: Always).",
            remedy="Run netprobe at a terminal, or use a context for machines.",
        )


def plugin_failure(chosen: Chosen, complaint: str) -> EnvironmentFailure:
    """What came of a plugin (or another way to log in), from what the client library logged."""
    assert chosen.user is not None
    plugin = chosen.user.body.get("exec")
    words = complaint.removeprefix("exec: ").replace("process returned", "it ended with exit code")
    words = words.replace("failed to decode process output", "what it printed is no ExecCredential")
    words = words.replace("malformed response.", "what it printed is no ExecCredential:")
    who = f"The credential plugin {plugin['command']}" if plugin else "The login"
    return EnvironmentFailure(
        f"The credentials of context {chosen.name} cannot be had. {who} of user {chosen.user_name}"
        f" ({chosen.user.place}) failed: {words}",
        remedy=f"Log in again, and check `kubectl --context {chosen.name} version`.",
    )


def _has_terminal() -> bool:
    return sys.stdin is not None and os.isatty(0)
