"""The part of ``/openapi/v3`` that kubectl reads before it applies, and to explain.

kubectl looks up the PATCH operation of a kind and whether it takes the parameter ``fieldValidation``;
the schemas are for ``kubectl explain``.
"""

from __future__ import annotations

from typing import Any

from netprobe.lab.api.resources import Resource, group_versions, resources_of
from netprobe.lab.api.schemas import schemas

EMPTY_V2 = b"\x0a\x032.0"
"""``/openapi/v2`` in protobuf: a document that says its version, 2.0, and nothing else.

kubectl asks for it about a kind that it does not find in v3; it then says that there is no such kind.
"""
V2_MEDIA_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
_PARAMETERS = ("dryRun", "fieldManager", "fieldValidation")


def index() -> dict[str, Any]:
    """``/openapi/v3``: where the document of each group version is."""
    names = ["api/v1", *(f"apis/{group}/{version}" for group, version in group_versions())]
    return {"paths": {name: {"serverRelativeURL": f"/openapi/v3/{name}"} for name in names}}


def openapi_document(group: str, version: str) -> dict[str, Any] | None:
    """``/openapi/v3/api/v1`` or ``/openapi/v3/apis/<group>/<version>``; None for an unknown one."""
    resources = resources_of(group, version)
    if not resources:
        return None
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": "unversioned"},
        "paths": {_path(r): _operations(r) for r in resources if "patch" in r.verbs},
        "components": {"schemas": schemas(resources)},
    }


def _path(resource: Resource) -> str:
    root = f"/apis/{resource.group}" if resource.group else "/api"
    where = "/namespaces/{namespace}" if resource.namespaced else ""
    return f"{root}/{resource.version}{where}/{resource.plural}/{{name}}"


def _operations(resource: Resource) -> dict[str, Any]:
    operation = {
        "parameters": [
            {"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": True}}
            for name in _PARAMETERS
        ],
        "responses": {"200": {"description": "OK"}},
        "x-kubernetes-group-version-kind": {
            "group": resource.group,
            "version": resource.version,
            "kind": resource.kind,
        },
    }
    return {
        verb: {**operation, "x-kubernetes-action": action}
        for verb, action in (("put", "put"), ("patch", "patch"))
    }
