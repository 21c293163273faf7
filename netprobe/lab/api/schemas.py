"""The shapes of kinds as OpenAPI schemas: what ``kubectl explain`` shows of fields and their types.

No schema says how lists are patched, and no operation that it takes strategic patches: kubectl then uses
what it knows itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netprobe.lab.api.kinds import SHAPES
from netprobe.lab.api.resources import Resource
from netprobe.lab.api.shapes import Anything, ListOf, MapOf, Scalar, Shape, Struct

_ABOUT = "The lab knows fields and their types. What they mean is told by the Kubernetes API reference."
_SCALARS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "bool": {"type": "boolean"},
    "intstr.IntOrString": {"type": "string", "format": "int-or-string"},
}
_REFERENCE = "#/components/schemas/"


def schemas(resources: Iterable[Resource]) -> dict[str, Any]:
    """The schemas of the resources' kinds, and of all parts of them, by name."""
    found: dict[str, Any] = {}
    for resource in resources:
        shape = SHAPES[resource.plural]
        _add(found, shape)
        found[shape.go_type] |= {
            "description": _ABOUT,
            "x-kubernetes-group-version-kind": [
                {"group": resource.group, "version": resource.version, "kind": resource.kind}
            ],
        }
    return found


def _add(found: dict[str, Any], shape: Struct) -> None:
    if shape.go_type in found:
        return
    found[shape.go_type] = {"type": "object"}
    properties = {name: _schema(found, part) for name, part in sorted(shape.fields.items())}
    found[shape.go_type] |= {"properties": properties}


def _schema(found: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """The schema of a field; a struct in it is added to ``found`` and referred to."""
    if isinstance(shape, Scalar):
        return _SCALARS[shape.go_type]
    if isinstance(shape, Anything):
        return {"type": "object"}
    if isinstance(shape, ListOf):
        return {"type": "array", "items": _schema(found, shape.item)}
    if isinstance(shape, MapOf):
        return {"type": "object", "additionalProperties": _schema(found, shape.value)}
    _add(found, shape)
    return {"allOf": [{"$ref": _REFERENCE + shape.go_type}]}
