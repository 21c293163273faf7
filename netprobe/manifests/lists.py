"""Items of the lists that API servers answer with."""

from __future__ import annotations

from typing import Any


def typed_item(item: dict[str, Any], list_kind: str, api_version: object) -> dict[str, Any]:
    """Return an item of a list with its kind: that of a PodList need not say that it is a Pod."""
    kind = list_kind.removesuffix("List")
    if not kind or item.get("kind") is not None:
        return item
    return {"apiVersion": api_version, "kind": kind, **item}
