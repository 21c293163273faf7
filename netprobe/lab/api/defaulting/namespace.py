"""Defaults of a Namespace."""

from __future__ import annotations

from typing import Any

NAME_LABEL = "kubernetes.io/metadata.name"


def default_namespace(namespace: dict[str, Any]) -> None:
    """Label the namespace with its name, hold it by the ``kubernetes`` finalizer, mark it Active."""
    meta = namespace["metadata"]
    meta.setdefault("labels", {})[NAME_LABEL] = meta["name"]
    namespace.setdefault("spec", {}).setdefault("finalizers", ["kubernetes"])
    namespace.setdefault("status", {"phase": "Active"})
