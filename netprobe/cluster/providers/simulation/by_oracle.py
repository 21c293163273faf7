"""A network that does exactly what the oracle says of the policies (undefined flows pass)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netprobe.cluster.providers.simulation.network import Query
from netprobe.cluster.providers.simulation.objects import Objects, endpoint_slices
from netprobe.manifests.admin import decode_admin_policy_body
from netprobe.manifests.policy import decode_policy_body
from netprobe.manifests.topology import read_topology
from netprobe.model.decision import Answer
from netprobe.model.flow import ExternalRef, Flow, PodRef
from netprobe.model.topology import ExternalHost, Topology
from netprobe.oracle.decide import Oracle

_REMEMBERED = 64
Key = tuple[object, ...]


class ReachByOracle:
    """Answers queries by an oracle over the objects as they are, remade when they change."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._oracles: dict[Key, Oracle] = {}

    def __call__(self, query: Query) -> bool:
        """Whether the policies let the packet pass, or leave it open."""
        source = _ref_of(query.source)
        destination = (
            ExternalRef(name=query.address) if query.destination is None else _ref_of(query.destination)
        )
        flow = Flow(source=source, destination=destination, port=query.port, protocol=query.protocol)
        external = query.address if query.destination is None else ""
        return self._oracle_for(query, external).decide(flow).answer is not Answer.DENY

    def _oracle_for(self, query: Query, external: str) -> Oracle:
        means_pods, versions = query.ip_blocks_mean_pods, map(_version_of, query.policies)
        key = (self._objects.version, external, means_pods, bool(query.admin_policies), *versions)
        if key not in self._oracles:
            if len(self._oracles) >= _REMEMBERED:
                self._oracles.clear()
            decoded = [decode_policy_body(policy) for policy in query.policies]
            topology = self._topology(external)
            self._oracles[key] = Oracle(
                topology,
                decoded,
                admin_policies=[decode_admin_policy_body(body) for body in query.admin_policies],
                ip_blocks_mean_pods=means_pods,
            )
        return self._oracles[key]

    def _topology(self, external: str) -> Topology:
        """The cluster, every pod named by itself: so that pods without a workload have a name too."""
        services = self._objects.list("Service")
        topology = read_topology(
            namespaces=self._objects.list("Namespace"),
            nodes=self._objects.list("Node"),
            pods=self._objects.list("Pod"),
            services=services,
            endpoint_slices=endpoint_slices(self._objects, services),
            externals=(ExternalHost(name=external, address=external),) if external else (),
        )
        return replace(
            topology, pods=tuple(replace(pod, workload=pod.name, index=0) for pod in topology.pods)
        )


def _ref_of(pod: Any) -> PodRef:
    return PodRef(namespace=pod["metadata"]["namespace"], workload=pod["metadata"]["name"])


def _version_of(policy: Any) -> tuple[str, str]:
    """What tells a policy from another, also when only some of its directions are enforced."""
    return str(policy["metadata"]["resourceVersion"]), ",".join(policy["spec"].get("policyTypes", ("-",)))
