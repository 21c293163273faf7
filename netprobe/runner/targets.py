"""What a flow asks for on the wire: address, port, kind of request and who may answer."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.flow import DnsRef, ExternalRef, Flow, NodeRef, PodRef
from netprobe.model.protocol import Protocol, Via
from netprobe.model.topology import Backend, Pod, Service
from netprobe.probing.request import RequestKind
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot

KINDS = {Protocol.TCP: RequestKind.TCP, Protocol.UDP: RequestKind.UDP, Protocol.SCTP: RequestKind.SCTP}


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """The wire side of a flow.

    ``peers`` are the pods that may answer (placed ``ns/pod``). ``backends`` are the pods behind the
    target with the port that each must serve itself: the flow's self-dial controls. ``nameserver``
    is set where the flow needs DNS. ``bystander`` is a destination that is not ours: it dials nothing
    itself, and says nothing of who it is.
    """

    source: Pod
    kind: RequestKind
    address: str
    port: int
    lookup: str = ""
    peers: frozenset[str] = frozenset()
    backends: tuple[tuple[Pod, int, Protocol], ...] = ()
    nameserver: str = ""
    bystander: Pod | None = None

    @property
    def far_nodes(self) -> tuple[str, ...]:
        """The nodes of the pods behind the target."""
        bystander = () if self.bystander is None else (self.bystander.node,)
        return (*(pod.node for pod, _, _ in self.backends), *bystander)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoTarget:
    """Why a flow cannot be asked: ``skip`` when this cluster cannot have it, else something is missing."""

    reason: str
    skip: bool = False


class Targets:
    """Finds the targets of flows in one snapshot."""

    def __init__(self, site: Site, snapshot: Snapshot) -> None:
        self._site = site
        self._snapshot = snapshot
        self._topology = snapshot.topology
        self._pods = snapshot.pods()
        self._services = snapshot.services()
        self._by_name = {(pod.namespace, pod.name): pod for pod in self._topology.pods}

    def of(self, flow: Flow) -> Target | NoTarget:
        """The target of a flow, or why there is none."""
        source = self._pods.get(flow.source)
        if source is None or not source.ips:
            return NoTarget(reason=f"{flow.source} does not run")
        if isinstance(flow.destination, PodRef):
            if not flow.via.is_by_service:
                return self._pod(flow, source, flow.destination)
            return self._service(flow, source, flow.destination)
        if isinstance(flow.destination, DnsRef):
            return self._dns(flow, source)
        if isinstance(flow.destination, ExternalRef):
            return self._external(flow, source, flow.destination)
        return self._node(flow, source, flow.destination)

    def lookup(self) -> str:
        """The name that every cluster's DNS knows."""
        return f"kubernetes.default.svc.{self._topology.cluster_domain}"

    def _pod(self, flow: Flow, source: Pod, destination: PodRef) -> Target | NoTarget:
        pod = self._pods.get(destination)
        if pod is None or not pod.ips:
            return NoTarget(reason=f"{destination} does not run")
        if destination in self._snapshot.bystanders:
            return Target(
                source=source,
                kind=KINDS[flow.protocol],
                address=pod.ips[0],
                port=flow.port,
                bystander=pod,
            )
        second = flow.via is Via.SECOND_IP
        if second and min(len(source.ips), len(pod.ips)) < 2:
            return NoTarget(reason="the pods here have one address family", skip=True)
        return Target(
            source=source,
            kind=KINDS[flow.protocol],
            address=pod.ips[1 if second else 0],
            port=flow.port,
            peers=frozenset({self._peer(pod)}),
            backends=((pod, flow.port, flow.protocol),),
        )

    def _service(self, flow: Flow, source: Pod, destination: PodRef) -> Target | NoTarget:
        service = self._services.get((destination.namespace, flow.service))
        if service is None:
            return NoTarget(reason=f"there is no Service {destination.namespace}/{flow.service}")
        by_name = flow.via is Via.NAME
        if by_name and flow.protocol is not Protocol.TCP:
            return NoTarget(reason=f"netprobe asks {flow.protocol.value} by address only", skip=True)
        if not by_name and not service.cluster_ips:
            return NoTarget(reason=f"Service {flow.service} has no ClusterIP", skip=True)
        ports = {port.port for port in service.ports if port.protocol is flow.protocol}
        # Clients of a headless Service dial the pods' own port: its backends say which Service port that is.
        backends = tuple(
            (pod, backend.port, backend.protocol)
            for backend in service.backends
            if backend.protocol is flow.protocol
            and (backend.port if service.headless else backend.service_port) == flow.service_port
            and (pod := self._behind(service.namespace, backend)) is not None
        )
        if not backends or not ports:
            return NoTarget(
                reason=f"Service {flow.service} has no ready endpoint for port {flow.service_port}"
            )
        if flow.via is Via.NODE_PORT:
            return self._node_port(flow, source, service, backends)
        placed = self._site.placement.placed(service.namespace)
        name = f"{service.name}.{placed}.svc.{self._topology.cluster_domain}"
        return Target(
            source=source,
            kind=KINDS[flow.protocol],
            address=name if by_name else service.cluster_ips[0],
            port=flow.service_port,
            peers=frozenset(self._peer(pod) for pod, _, _ in backends),
            backends=backends,
            nameserver=self._topology.nameserver if by_name else "",
        )

    def _node_port(
        self, flow: Flow, source: Pod, service: Service, backends: tuple[tuple[Pod, int, Protocol], ...]
    ) -> Target | NoTarget:
        """The Service's port on a node where neither the source nor a pod behind the Service runs, if any.

        Else on one where no pod behind it runs.
        """
        numbers = [port.node_port for port in service.ports if port.port == flow.service_port]
        behind = {pod.node for pod, _, _ in backends}
        nodes = [node for node in self._topology.nodes if node.name not in behind and node.addresses]
        nodes.sort(key=lambda node: node.name == source.node)
        if not any(numbers):
            return NoTarget(reason=f"Service {flow.service} has no port on the nodes", skip=True)
        if not nodes:
            return NoTarget(reason="there is no node without a pod behind the Service", skip=True)
        return Target(
            source=source,
            kind=KINDS[flow.protocol],
            address=nodes[0].addresses[0],
            port=numbers[0],
            peers=frozenset(self._peer(pod) for pod, _, _ in backends),
            backends=backends,
        )

    def _dns(self, flow: Flow, source: Pod) -> Target | NoTarget:
        if not self._topology.nameserver:
            return NoTarget(reason="the pods have no nameserver")
        kind = RequestKind.DNS_UDP if flow.protocol is Protocol.UDP else RequestKind.DNS_TCP
        return Target(
            source=source,
            kind=kind,
            address=self._topology.nameserver,
            port=flow.port,
            lookup=self.lookup(),
            nameserver=self._topology.nameserver,
        )

    def _external(self, flow: Flow, source: Pod, destination: ExternalRef) -> Target | NoTarget:
        for host in self._topology.externals:
            if host.name == destination.name:
                ports = self._snapshot.surroundings.external_ports.get(host.name, {})
                return Target(
                    source=source,
                    kind=KINDS[flow.protocol],
                    address=host.address,
                    port=ports.get(flow.port, flow.port),
                )
        return NoTarget(
            reason=f"this cluster does not provide the external host {destination.name}", skip=True
        )

    def _node(self, flow: Flow, source: Pod, destination: NodeRef) -> Target | NoTarget:
        wants_own = destination.which == "own"
        for node in self._topology.nodes:
            if (node.name == source.node) is wants_own and node.addresses:
                return Target(
                    source=source, kind=KINDS[flow.protocol], address=node.addresses[0], port=flow.port
                )
        return NoTarget(reason=f"there is no {destination.which} node with an address", skip=True)

    def _behind(self, namespace: str, backend: Backend) -> Pod | None:
        return self._by_name.get((namespace, backend.pod))

    def _peer(self, pod: Pod) -> str:
        return f"{self._site.placement.placed(pod.namespace)}/{pod.name}"
