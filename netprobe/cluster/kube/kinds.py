"""The kinds that netprobe reads and writes, and their paths in the API."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from netprobe.cluster.port import Body, ObjectRef
from netprobe.errors import InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind: the plural of its path, and whether it lives in a namespace."""

    api_version: str
    plural: str
    namespaced: bool = True


KINDS = {
    "Namespace": Kind(api_version="v1", plural="namespaces", namespaced=False),
    "Node": Kind(api_version="v1", plural="nodes", namespaced=False),
    "Pod": Kind(api_version="v1", plural="pods"),
    "Service": Kind(api_version="v1", plural="services"),
    "ConfigMap": Kind(api_version="v1", plural="configmaps"),
    "ServiceAccount": Kind(api_version="v1", plural="serviceaccounts"),
    "Event": Kind(api_version="v1", plural="events"),
    "Deployment": Kind(api_version="apps/v1", plural="deployments"),
    "ReplicaSet": Kind(api_version="apps/v1", plural="replicasets"),
    "DaemonSet": Kind(api_version="apps/v1", plural="daemonsets"),
    "EndpointSlice": Kind(api_version="discovery.k8s.io/v1", plural="endpointslices"),
    "NetworkPolicy": Kind(api_version="networking.k8s.io/v1", plural="networkpolicies"),
}


def kind_named(name: str) -> Kind:
    """The kind of that name; raises InputError for one that netprobe does not handle."""
    try:
        return KINDS[name]
    except KeyError:
        raise InputError(
            f"netprobe does not handle objects of kind {name}.", remedy=f"It handles {', '.join(KINDS)}."
        ) from None


def collection_path(kind: str, namespace: str = "") -> str:
    """The path of all objects of a kind, in a namespace or ("") in all."""
    known = kind_named(kind)
    prefix = "/api/v1" if known.api_version == "v1" else f"/apis/{known.api_version}"
    where = f"/namespaces/{quote(namespace, safe='')}" if known.namespaced and namespace else ""
    return f"{prefix}{where}/{known.plural}"


def object_path(ref: ObjectRef) -> str:
    """The path of one object."""
    return f"{collection_path(ref.kind, ref.namespace)}/{quote(ref.name, safe='')}"


def reference_to(body: Body) -> ObjectRef:
    """The reference of an object given as plain data."""
    metadata = body.get("metadata")
    names = metadata if isinstance(metadata, dict) else {}
    return ObjectRef(
        api_version=str(body.get("apiVersion", "")),
        kind=str(body.get("kind", "")),
        name=str(names.get("name") or ""),
        namespace=str(names.get("namespace") or ""),
    )
