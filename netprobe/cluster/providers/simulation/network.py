"""Where a simulated packet ends up: addresses, Services, names, policies and faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from netprobe.cluster.port import Body
from netprobe.cluster.providers.simulation.bodies import Object, labels_of, selects
from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.cluster.providers.simulation.objects import (
    DNS_ADDRESS,
    Objects,
    target_port,
    workload_of,
)
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.protocol import Protocol

CLUSTER_DOMAIN = "cluster.local"


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A packet at the moment when policies decide: from a pod to a pod, or (None) to another address.

    ``port`` is the destination's own (after Services); ``policies`` are those in effect.
    """

    source: Body
    destination: Body | None
    address: str
    port: int
    protocol: Protocol
    policies: tuple[Body, ...]
    admin_policies: tuple[Body, ...] = ()
    ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN


Reach = Callable[[Query], bool]
"""Whether policies let a packet pass."""


class Fate(StrEnum):
    """What becomes of a packet."""

    ANSWERED = "answered"
    SILENCE = "silence"
    REFUSED = "refused"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """What became of a packet, the address it was sent to and who answered (``ns/pod/uid``)."""

    fate: Fate
    address: str = ""
    identity: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """What holds at a moment of simulated time."""

    policies: tuple[Body, ...]
    faults: Faults


class Network:
    """The simulated network: what a pod reaches under given policies and faults."""

    def __init__(self, objects: Objects, reach: Reach) -> None:
        self._objects = objects
        self._reach = reach
        self.externals: dict[str, frozenset[int]] = {}
        """Address → listening TCP ports of the external hosts."""

    def send(self, source: Object, address: str, port: int, protocol: Protocol, world: World) -> Arrival:
        """The fate of a packet to an address or name and port."""
        if any(char.isalpha() for char in address) and ":" not in address:
            return self._send_by_name(source, address, port, protocol, world)
        service = self._service_at(address)
        if service is not None:
            return self._send_to_service(source, service, port, protocol, world)
        pod = self._pod_at(address)
        return self._deliver(source, pod, address, port, protocol, world)

    def resolves(self, source: Object, protocol: Protocol, world: World) -> bool:
        """Whether the source gets answers from the cluster's nameserver."""
        return self.send(source, DNS_ADDRESS, 53, protocol, world).fate is Fate.ANSWERED

    def lookup(self, name: str) -> str | None:
        """The address of a Service's name, or None."""
        labels = name.removesuffix(".").split(".")
        if len(labels) < 3 or labels[2] != "svc" or ".".join(labels[3:]) != CLUSTER_DOMAIN:
            return None
        service = self._objects.get("Service", labels[1], labels[0])
        if service is None:
            return None
        address = str(service["spec"]["clusterIP"])
        if address != "None":
            return address
        return next((str(pod["status"]["podIP"]) for pod in self._backends(service)), None)

    def _send_by_name(
        self, source: Object, name: str, port: int, protocol: Protocol, world: World
    ) -> Arrival:
        address = self.lookup(name) if self.resolves(source, Protocol.UDP, world) else None
        if address is None:
            return Arrival(fate=Fate.UNRESOLVED)
        return self.send(source, address, port, protocol, world)

    def _send_to_service(
        self, source: Object, service: Object, port: int, protocol: Protocol, world: World
    ) -> Arrival:
        """The first ready backend stands for all; a port that the Service lacks is refused."""
        address = str(service["spec"]["clusterIP"])
        ports = [
            each
            for each in service["spec"].get("ports", ())
            if each["port"] == port and each.get("protocol", "TCP") == protocol.value
        ]
        backends = self._backends(service)
        target = target_port(ports[0], backends[0]) if ports and backends else None
        if target is None:
            return Arrival(fate=Fate.REFUSED, address=address)
        arrival = self._deliver(
            source, backends[0], str(backends[0]["status"]["podIP"]), target, protocol, world
        )
        return Arrival(fate=arrival.fate, address=address, identity=arrival.identity)

    def _deliver(
        self, source: Object, pod: Object | None, address: str, port: int, protocol: Protocol, world: World
    ) -> Arrival:
        if not self._passes(source, pod, address, port, protocol, world):
            return Arrival(fate=Fate.SILENCE, address=address)
        if pod is None:
            open_ports = self.externals.get(address)
            if open_ports is None:
                return Arrival(fate=Fate.SILENCE, address=address)
            return Arrival(fate=Fate.ANSWERED if port in open_ports else Fate.REFUSED, address=address)
        workload = workload_of(pod)
        if workload in world.faults.dead or not _listens(pod, port, protocol):
            return Arrival(fate=Fate.REFUSED, address=address)
        metadata = pod["metadata"]
        identity = f"{metadata['namespace']}/{metadata['name']}/{metadata['uid']}"
        impostor = dict(world.faults.impostors).get(workload)
        return Arrival(
            fate=Fate.ANSWERED, address=address, identity=f"{impostor}/impostor" if impostor else identity
        )

    def _passes(
        self, source: Object, pod: Object | None, address: str, port: int, protocol: Protocol, world: World
    ) -> bool:
        faults = world.faults
        if pod is not None:
            if faults.dns_dead and labels_of(pod).get("k8s-app") == "kube-dns":
                return False
            edge = (workload_of(source), workload_of(pod))
            if edge in faults.blocks:
                return False
            if edge in faults.leaks or pod["metadata"]["uid"] == source["metadata"]["uid"]:
                return True
        query = Query(
            source=source,
            destination=pod,
            address=address,
            port=port,
            protocol=protocol,
            policies=_enforced(world, source, pod),
            admin_policies=self._objects.admin_policies() if faults.enforces else (),
            ip_blocks_mean_pods=faults.ip_blocks_mean_pods,
        )
        return self._reach(query)

    def _backends(self, service: Object) -> tuple[Object, ...]:
        return tuple(
            pod
            for pod in self._objects.list("Pod", [service["metadata"]["namespace"]])
            if selects(service["spec"].get("selector"), labels_of(pod))
        )

    def _service_at(self, address: str) -> Object | None:
        services = self._objects.list("Service")
        return next((each for each in services if each["spec"].get("clusterIP") == address), None)

    def _pod_at(self, address: str) -> Object | None:
        pods = self._objects.list("Pod")
        return next((pod for pod in pods if pod["status"]["podIP"] == address), None)


def _enforced(world: World, source: Object, pod: Object | None) -> tuple[Body, ...]:
    """What the two nodes enforce: egress rules on the source's node, ingress rules on the other."""
    lax = world.faults.unenforced_nodes
    directions = {
        "Egress": source["spec"]["nodeName"] not in lax,
        "Ingress": pod is not None and pod["spec"]["nodeName"] not in lax,
    }
    if not world.faults.enforces:
        return ()
    enforced = (_restricted_to(policy, directions) for policy in world.policies)
    return tuple(policy for policy in enforced if policy is not None)


def _restricted_to(policy: Mapping[str, Any], directions: Mapping[str, bool]) -> Body | None:
    """The policy in the directions that are true; None when it has none of them."""
    kept = [direction for direction in _policy_types(policy) if directions[direction]]
    return {**policy, "spec": {**policy["spec"], "policyTypes": kept}} if kept else None


def _policy_types(policy: Mapping[str, Any]) -> list[str]:
    """policyTypes, with the API server's default: Ingress, and Egress when there are egress rules."""
    spec = policy["spec"]
    return list(spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]))


def _listens(pod: Object, port: int, protocol: Protocol) -> bool:
    """Whether a container serves that port: as its arguments say, or as it declares without any."""
    return any(_container_listens(each, port, protocol) for each in pod["spec"]["containers"])


def _container_listens(container: Mapping[str, Any], port: int, protocol: Protocol) -> bool:
    flags = {Protocol.TCP: "--http-port=", Protocol.UDP: "--udp-port=", Protocol.SCTP: "--sctp-port="}
    arguments = [str(argument) for argument in container.get("args") or ()]
    if arguments:
        return f"{flags[protocol]}{port}" in arguments
    return any(
        declared["containerPort"] == port and declared.get("protocol", "TCP") == protocol.value
        for declared in container.get("ports", ())
    )
