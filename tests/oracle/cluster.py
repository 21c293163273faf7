"""A small cluster as plain API objects, and what the oracle says about everything in it.

Plain objects, so that the other engines read what a cluster holds and not what netprobe makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from netprobe.manifests.document import Document, Places
from netprobe.manifests.policy import decode_policy
from netprobe.manifests.topology import read_topology
from netprobe.model.decision import Answer
from netprobe.model.flow import ExternalRef, Flow, PodRef
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ExternalHost, Pod, Topology
from netprobe.oracle.decide import Oracle

Body = dict[str, Any]
Point = tuple[str, str, Protocol, int]
"""Source and destination (``namespace/name`` of a pod, or an address), protocol, port."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """API objects, the addresses of hosts outside, and the ports that flows go to."""

    namespaces: tuple[Body, ...]
    pods: tuple[Body, ...]
    policies: tuple[Body, ...]
    externals: tuple[str, ...] = ()
    ports: tuple[int, ...] = (80, 81)

    @property
    def topology(self) -> Topology:
        return read_topology(
            namespaces=self.namespaces,
            nodes=(),
            pods=self.pods,
            services=(),
            endpoint_slices=(),
            externals=tuple(ExternalHost(name=address, address=address) for address in self.externals),
        )

    def points(self) -> Iterator[Point]:
        """Every flow between two ends that share a family: from a pod, or from outside to a living pod."""
        pods = {name_of(pod): pod for pod in self.pods}
        living = {name for name, pod in pods.items() if pod["status"]["phase"] in ("Running", "Pending")}
        known = {name: families(*addresses_of(pod)) for name, pod in pods.items()}
        known |= {address: families(address) for address in self.externals}
        for one, other in product(known, known):
            if (one in pods or other in living) and known[one] & known[other]:
                yield from product((one,), (other,), Protocol, self.ports)


def name_of(body: Body) -> str:
    return f"{body['metadata']['namespace']}/{body['metadata']['name']}"


def addresses_of(pod: Body) -> list[str]:
    return [entry["ip"] for entry in pod["status"]["podIPs"]]


def families(*addresses: str) -> set[bool]:
    return {":" in address for address in addresses}


def asked(
    cluster: Cluster, ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN
) -> dict[Point, Answer]:
    """Ask the oracle about every point, after the objects went through netprobe's own reading of them."""
    topology = cluster.topology
    problems: list[Any] = []
    documents = (Document(body=body, places=Places(file="p.yaml")) for body in cluster.policies)
    policies = [decode_policy(document, problems) for document in documents]
    assert problems == []
    oracle = Oracle(topology, policies, ip_blocks_mean_pods=ip_blocks_mean_pods)
    ends = {f"{p.namespace}/{p.name}": p for p in topology.pods}
    return {point: _decide(oracle, ends, point) for point in cluster.points()}


def _decide(oracle: Oracle, pods: dict[str, Pod], point: Point) -> Answer:
    source, destination, protocol, port = point
    if source not in pods:
        return oracle.between(source, pods[destination], port, protocol).answer
    end = ref(pods[destination]) if destination in pods else ExternalRef(name=destination)
    flow = Flow(source=ref(pods[source]), destination=end, protocol=protocol, port=port)
    return oracle.decide(flow).answer


def ref(pod: Pod) -> PodRef:
    return PodRef(namespace=pod.namespace, workload=pod.workload, index=pod.index)
