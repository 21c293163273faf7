"""Objects as a ``Table``: the form in which ``kubectl get`` asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from netprobe.lab.api.columns import columns_of
from netprobe.lab.api.resources import Resource
from netprobe.lab.store.objects import Object


def table(
    resource: Resource, objects: Sequence[Object], meta: Mapping[str, Any], *, now: str
) -> dict[str, Any]:
    """The ``Table`` of the objects; ``now`` (RFC 3339) is what ages are counted from."""
    columns = columns_of(resource.plural)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": dict(meta),
        "columnDefinitions": [_definition(column.name, wide=column.wide) for column in columns],
        "rows": [
            {
                "cells": [column.cell(obj, now) for column in columns],
                "object": {
                    "kind": "PartialObjectMetadata",
                    "apiVersion": "meta.k8s.io/v1",
                    "metadata": obj["metadata"],
                },
            }
            for obj in objects
        ],
    }


def _definition(name: str, *, wide: bool) -> dict[str, Any]:
    """A column's definition; columns of priority 1 show only in wide output."""
    form = "name" if name == "Name" else ""
    return {"name": name, "type": "string", "format": form, "description": "", "priority": int(wide)}
