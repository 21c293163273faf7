"""Request paths, read into what they name."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.lab.api.resources import Resource, find_resource, group_versions
from netprobe.lab.api.status_errors import not_in_the_lab, unknown_resource


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a path names: a collection (``name`` ""), an object, or a subresource of one."""

    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""


def parse_target(path: str) -> Target | None:
    """Read a resource path; None when the path is under no group version that the lab serves.

    Raises StatusError (404) for an unknown resource of a known group version.
    """
    parts = path.strip("/").split("/")
    if parts[:2] == ["api", "v1"]:
        group, version, rest = "", "v1", parts[2:]
    elif parts[0] == "apis" and tuple(parts[1:3]) in group_versions():
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    if not rest or "" in rest:
        raise unknown_resource()
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in {"status", "finalize"}:
        return _target(find_resource(group, version, rest[2]), rest[3:], namespace=rest[1])
    return _target(find_resource(group, version, rest[0]), rest[1:], namespace="")


def _target(resource: Resource | None, rest: list[str], *, namespace: str) -> Target:
    if resource is None or len(rest) > 2 or (namespace and not resource.namespaced):
        raise unknown_resource()
    if resource.namespaced and rest and not namespace:
        raise unknown_resource()
    name, subresource = (*rest, "", "")[:2]
    if subresource and resource.subresource(subresource) is None:
        raise not_in_the_lab(subresource) if resource.plural == "pods" else unknown_resource()
    return Target(resource=resource, namespace=namespace, name=name, subresource=subresource)
