"""An inventory from documents or from the objects of a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netprobe.manifests.document import Document, Places
from netprobe.manifests.inventory.backends import Backends
from netprobe.manifests.inventory.collecting import Collection
from netprobe.manifests.inventory.nodes import namespace
from netprobe.manifests.inventory.population import Population
from netprobe.manifests.inventory.records import WrittenService
from netprobe.manifests.kinds import ADMIN_POLICIES, CONTROLLERS
from netprobe.model.inventory import Inventory
from netprobe.model.place import Problem
from netprobe.model.topology import Namespace, Topology


def read_inventory(
    documents: Iterable[Document], problems: list[Problem], *, default_namespace: str = "default"
) -> Inventory:
    """Return what the documents, taken one at a time, declare.

    Objects with problems are left out, and ``problems`` grows; what only some servers refuse is among
    the remarks of the inventory.
    """
    collection = Collection(default_namespace=default_namespace, problems=problems)
    for document in documents:
        collection.add(document)
    return _inventory(collection)


def inventory_of_bodies(bodies: Iterable[Mapping[str, Any]], *, file: str = "<cluster>") -> Inventory:
    """Return what the objects of a cluster say: nothing that a server stores is refused here.

    Raises InputError for a policy that says what netprobe cannot understand: without it every answer
    would be in doubt.
    """
    collection = Collection(default_namespace="default", problems=[], strict=False)
    for body in bodies:
        collection.add(Document(body=dict(body), places=Places(file=file)))
    return _inventory(collection)


def _inventory(collection: Collection) -> Inventory:
    nodes = tuple(collection.of_kind("Node"))
    makers = collection.of_kind(*CONTROLLERS)
    pods = Population(collection.of_kind("Pod"), makers, nodes).pods()
    written = tuple(collection.of_kind("Service"))
    backends = Backends(collection.of_kind("EndpointSlice"), pods)
    topology = Topology(
        namespaces=_namespaces(collection),
        pods=pods,
        services=tuple(backends.complete(service) for service in written),
        nodes=nodes,
        nameserver=_nameserver(written),
    )
    return Inventory(
        topology=topology,
        policies=tuple(collection.of_kind("NetworkPolicy")),
        admin_policies=tuple(collection.of_kind(*ADMIN_POLICIES)),
        places=collection.places,
        ignored=dict(sorted(collection.ignored.items())),
        remarks=tuple(collection.remarks),
        lint_ignores=collection.lint_ignores,
    )


def _namespaces(collection: Collection) -> tuple[Namespace, ...]:
    """The declared namespaces, then those that objects are in without being declared."""
    declared: dict[str, Namespace] = {found.name: found for found in collection.of_kind("Namespace")}
    used = {name for _, name, _ in collection.records if name}
    return (*declared.values(), *(namespace(name) for name in sorted(used - set(declared))))


def _nameserver(services: Iterable[WrittenService]) -> str:
    """The ClusterIP of the cluster's DNS, which keeps the name kube-dns whatever program serves it."""
    in_system = [
        service for service in services if service.namespace == "kube-system" and service.cluster_ips
    ]
    named = [service for service in in_system if service.name == "kube-dns"]
    labelled = [service for service in in_system if service.labels.get("k8s-app") == "kube-dns"]
    return next((service.cluster_ips[0] for service in (*named, *labelled)), "")
