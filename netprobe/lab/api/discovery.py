"""Discovery: which groups, versions and resources there are, in both forms that clients ask for."""

from __future__ import annotations

from typing import Any

from netprobe.lab.api.resources import Resource, Subresource, group_versions, resources_of

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
VERSION = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2+netprobe-lab",
    "gitCommit": "",
    "gitTreeState": "",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "",
    "compiler": "",
    "platform": "linux/amd64",
}
"""What ``/version`` answers: the version that the lab follows, marked as not the real thing."""


def api_versions(server: str) -> dict[str, Any]:
    """``/api``; ``server`` is HOST:PORT."""
    return {
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": server}],
    }


def group_list() -> dict[str, Any]:
    """``/apis``."""
    groups = [_group(group, version) for group, version in group_versions()]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def group(name: str) -> dict[str, Any] | None:
    """``/apis/<group>``, or None for an unknown group."""
    for each, version in group_versions():
        if each == name:
            return {"kind": "APIGroup", "apiVersion": "v1", **_group(each, version)}
    return None


def resource_list(group_name: str, version: str) -> dict[str, Any]:
    """``/api/v1`` or ``/apis/<group>/<version>``: resources and their subresources."""
    entries: list[dict[str, Any]] = []
    for resource in resources_of(group_name, version):
        entries.append(_entry(resource))
        entries += [_sub_entry(resource, sub) for sub in resource.subresources]
    api_version = f"{group_name}/{version}" if group_name else version
    head = {"kind": "APIResourceList"} | ({"apiVersion": "v1"} if group_name else {})
    return {**head, "groupVersion": api_version, "resources": entries}


def aggregated(*, core: bool) -> dict[str, Any]:
    """``/api`` (core) or ``/apis`` in the aggregated form."""
    pairs = (("", "v1"),) if core else group_versions()
    items = [
        {
            "metadata": {"name": group_name} if group_name else {},
            "versions": [
                {
                    "version": version,
                    "resources": [_aggregated_entry(r) for r in resources_of(group_name, version)],
                    "freshness": "Current",
                }
            ],
        }
        for group_name, version in pairs
    ]
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    }


def _group(name: str, version: str) -> dict[str, Any]:
    entry = {"groupVersion": f"{name}/{version}", "version": version}
    return {"name": name, "versions": [entry], "preferredVersion": entry}


def _entry(resource: Resource) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": list(resource.verbs),
    }
    return entry | _names(resource)


def _sub_entry(resource: Resource, sub: Subresource) -> dict[str, Any]:
    foreign = {"group": sub.group, "version": sub.version} if sub.group else {}
    return {
        "name": f"{resource.plural}/{sub.name}",
        "singularName": "",
        "namespaced": resource.namespaced,
        **foreign,
        "kind": sub.kind,
        "verbs": list(sub.verbs),
    }


def _aggregated_entry(resource: Resource) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "resource": resource.plural,
        "responseKind": {"group": "", "version": "", "kind": resource.kind},
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": list(resource.verbs),
    } | _names(resource)
    if resource.subresources:
        entry["subresources"] = [
            {
                "subresource": sub.name,
                "responseKind": {"group": sub.group, "version": sub.version, "kind": sub.kind},
                "verbs": list(sub.verbs),
            }
            for sub in resource.subresources
        ]
    return entry


def _names(resource: Resource) -> dict[str, Any]:
    names: dict[str, Any] = {}
    if resource.short_names:
        names["shortNames"] = list(resource.short_names)
    if resource.categories:
        names["categories"] = list(resource.categories)
    return names
