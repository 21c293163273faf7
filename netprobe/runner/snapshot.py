"""The cluster as the oracle sees it, read at one moment, in the author's names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from netprobe.cluster.port import Body, ClusterState
from netprobe.errors import InputError
from netprobe.manifests.admin import decode_admin_policy_body
from netprobe.manifests.topology import read_topology
from netprobe.model.flow import PodRef
from netprobe.model.topology import ExternalHost, Pod, Service, Topology
from netprobe.runner.site import Site


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What no read of the API tells: the nameserver of the pods, the cluster domain, external hosts.

    ``external_ports`` maps, per host, a declared port to the one that is reachable.
    """

    nameserver: str = ""
    cluster_domain: str = "cluster.local"
    externals: tuple[ExternalHost, ...] = ()
    external_ports: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """One reading. ``topology`` is without the control namespace, whose pods are ``controls``.

    ``control_labels`` are the labels of that namespace. ``policies`` are the NetworkPolicy bodies of the
    run's namespaces and of those of ``bystanders``, ``admin_policies`` those of the cluster-wide policies,
    each in a fixed order. ``unreadable`` says what could not be read or understood.
    """

    topology: Topology
    controls: tuple[Pod, ...] = ()
    control_labels: Mapping[str, str] = field(default_factory=dict)
    policies: tuple[Mapping[str, object], ...] = ()
    admin_policies: tuple[Mapping[str, object], ...] = ()
    unreadable: tuple[str, ...] = ()
    surroundings: Surroundings = field(default_factory=Surroundings)
    bystanders: frozenset[PodRef] = frozenset()

    def own_pods(self) -> Mapping[PodRef, Pod]:
        """The pods that the run has deployed, by their stable names."""
        return {ref: pod for ref, pod in self.pods().items() if ref not in self.bystanders}

    def pods(self) -> Mapping[PodRef, Pod]:
        """The scenario's pods by their stable names, bystanders among them."""
        return {
            PodRef(namespace=pod.namespace, workload=pod.workload, index=pod.index): pod
            for pod in self.topology.pods
            if pod.workload
        }

    def services(self) -> Mapping[tuple[str, str], Service]:
        """Services by namespace and name."""
        return {(service.namespace, service.name): service for service in self.topology.services}


def read_snapshot(site: Site, surroundings: Surroundings) -> Snapshot:
    """Read the cluster. Raises EnvironmentFailure when it does not answer."""
    state = site.cluster.read(_namespaces(site))
    control = site.control_namespace
    topology = read_topology(
        namespaces=_unplaced(site, state.namespaces, "Namespace"),
        nodes=state.nodes,
        pods=_unplaced(site, state.pods, "Pod"),
        services=_unplaced(site, state.services, "Service"),
        endpoint_slices=_unplaced(site, state.endpoint_slices, "EndpointSlice"),
        externals=surroundings.externals,
        nameserver=surroundings.nameserver,
        cluster_domain=surroundings.cluster_domain,
    )
    admin_policies, not_understood = _admin_policies(site, state)
    return Snapshot(
        topology=Topology(
            namespaces=tuple(each for each in topology.namespaces if each.name != control),
            nodes=topology.nodes,
            pods=tuple(_known(site, topology.pods, dns=site.placement.original(state.dns_namespace))),
            services=topology.services,
            externals=topology.externals,
            nameserver=topology.nameserver,
            cluster_domain=topology.cluster_domain,
        ),
        control_labels=next((each.labels for each in topology.namespaces if each.name == control), {}),
        controls=tuple(pod for pod in topology.pods if pod.namespace == control),
        policies=_policies(site, state),
        admin_policies=admin_policies,
        unreadable=(*state.unreadable, *not_understood),
        surroundings=surroundings,
        bystanders=site.bystanders,
    )


def _namespaces(site: Site) -> tuple[str, ...]:
    """The run's namespaces and those of bystanders, as the cluster calls them."""
    foreign = sorted(site.placement.placed(ref.namespace) for ref in site.bystanders)
    return tuple(dict.fromkeys((*site.namespaces, *foreign)))


def _known(site: Site, pods: Iterable[Pod], *, dns: str) -> Iterator[Pod]:
    """The pods of the run and of DNS, and the bystanders: each by its own name, whatever controls it."""
    foreign = {ref.namespace for ref in site.bystanders}
    for pod in pods:
        if pod.namespace == site.control_namespace:
            continue
        if PodRef(namespace=pod.namespace, workload=pod.name) in site.bystanders:
            yield replace(pod, workload=pod.name, index=0, siblings=0)
        elif pod.namespace in foreign:
            if pod.namespace == dns:
                yield replace(pod, workload="")
        else:
            yield pod


def _unplaced(site: Site, bodies: Iterable[Body], kind: str) -> list[dict[str, Any]]:
    return [site.placement.unplace(body, kind=kind) for body in bodies]


def _policies(site: Site, state: ClusterState) -> tuple[Mapping[str, object], ...]:
    """The policies that can touch the pods: a NetworkPolicy speaks of its own namespace only."""
    own = set(_namespaces(site)) - {site.control_namespace}
    found = []
    for body in state.policies:
        metadata = body["metadata"]
        assert isinstance(metadata, Mapping)
        if metadata.get("namespace") in own:
            plain = {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": metadata["name"], "namespace": metadata["namespace"]},
                "spec": body.get("spec") or {},
            }
            found.append(site.placement.unplace(plain))
    return tuple(sorted(found, key=lambda each: (each["metadata"]["namespace"], each["metadata"]["name"])))


def _admin_policies(
    site: Site, state: ClusterState
) -> tuple[tuple[Mapping[str, object], ...], tuple[str, ...]]:
    """The cluster-wide policies, each of which may touch the run's pods; and those not understood."""
    found: dict[tuple[str, str], Mapping[str, object]] = {}
    not_understood = []
    for body in state.admin_policies:
        metadata = body["metadata"]
        assert isinstance(metadata, Mapping)
        kind, name = str(body["kind"]), str(metadata["name"])
        plain = {
            "apiVersion": body["apiVersion"],
            "kind": kind,
            "metadata": {"name": name},
            "spec": body.get("spec") or {},
        }
        try:
            decode_admin_policy_body(plain)
        except InputError:
            not_understood.append(f"{kind} {name}, which is of a form unknown here")
            continue
        found[kind, name] = site.placement.unplace(plain)
    return tuple(body for _, body in sorted(found.items())), tuple(not_understood)
