"""The oracle: what the policies say about a flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.model.admin_policy import AdminPolicy
from netprobe.model.decision import Answer, Decision, DirectionDecision
from netprobe.model.flow import DnsRef, ExternalRef, Flow, NodeRef, PodRef
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import Direction, NetworkPolicy
from netprobe.model.protocol import Protocol, Via
from netprobe.model.topology import Backend, Pod, Service, Topology
from netprobe.oracle.addresses import same_family
from netprobe.oracle.answers import common, every
from netprobe.oracle.contact import Contact, dialled, same_pod, title
from netprobe.oracle.direction import Judge
from netprobe.oracle.isolation import Isolation
from netprobe.oracle.lookup import Lookup, backends_for, is_finished
from netprobe.oracle.near_miss import NearMisses
from netprobe.oracle.peers import Directory
from netprobe.oracle.reading import Reading
from netprobe.oracle.summary import of_backends, of_ends, undefined, with_dns
from netprobe.oracle.tiers import Tiers

DNS_PORT = 53


class Oracle:
    """Decides flows over one topology under one set of policies."""

    def __init__(
        self,
        topology: Topology,
        policies: Sequence[NetworkPolicy],
        *,
        admin_policies: Sequence[AdminPolicy] = (),
        ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN,
    ) -> None:
        """Nothing may change afterwards; make a new oracle for another state of the cluster.

        ``ip_blocks_mean_pods`` UNKNOWN leaves open what only an ipBlock could admit to or from a pod.
        """
        self._lookup = Lookup(topology)
        self._policies = tuple(policies)  # keeps them alive: the judge remembers answers by identity
        directory = Directory(topology.namespaces)
        self._judge = Judge(
            isolation=Isolation(self._policies),
            reading=Reading(directory=directory, ip_blocks_mean_pods=ip_blocks_mean_pods),
            near_misses=NearMisses(directory),
            tiers=Tiers(admin_policies, directory, topology.nodes),
        )
        self._dns: dict[tuple[str, str, Protocol, int], Decision] = {}

    def decide(self, flow: Flow) -> Decision:
        """Return what the policies say about the flow, and which rules make it so.

        UNDEFINED, with the reason, also when the flow names something that the topology does not hold.
        """
        source = self._lookup.pod(flow.source)
        if source is None:
            return undefined(f"there is no pod {flow.source}")
        if is_finished(source):
            return undefined(_finished(source))
        match flow.destination:
            case PodRef():
                return self._to_pod(source, flow.destination, flow)
            case DnsRef():
                return self._to_dns(source, flow.protocol, flow.port)
            case ExternalRef():
                return self._to_external(source, flow.destination, flow)
            case NodeRef():
                return self._to_node(source, flow.destination, flow)

    def between(self, source: Pod | str, destination: Pod | str, port: int, protocol: Protocol) -> Decision:
        """Decide between two ends by address; an end that is no pod is given by its address or host name.

        Of a pod with two families the first address is meant whose family the other end has, too. An
        address that a pod of the topology owns is that pod. At least one end must be a pod.
        """
        source, destination = self._end(source), self._end(destination)
        for end in (source, destination):
            if isinstance(end, Pod) and is_finished(end):
                return undefined(_finished(end))
        if isinstance(source, str):
            if isinstance(destination, str):
                return undefined(f"neither {source} nor {destination} is a pod")
            return self._from_address(source, destination, port, protocol)
        if isinstance(destination, str):
            return self.to_address(source, destination, port, protocol)
        contact = Contact(
            source=source,
            destination=destination,
            address=dialled(source, destination),
            port=port,
            protocol=protocol,
            own_node=self._lookup.on_one_node(source, destination),
        )
        return self._decide(contact)

    def _end(self, end: Pod | str) -> Pod | str:
        return end if isinstance(end, Pod) else self._lookup.pod_at(end) or end

    def _from_address(self, host: str, destination: Pod, port: int, protocol: Protocol) -> Decision:
        own = (ip for ip in destination.ips if same_family(ip, host))
        contact = Contact(
            source=None,
            source_host=host,
            destination=destination,
            address=next(own, ""),
            port=port,
            protocol=protocol,
            own_node=self._lookup.is_own_node(destination, host),
        )
        return self._decide(contact)

    def _to_pod(self, source: Pod, ref: PodRef, flow: Flow) -> Decision:
        if not flow.via.is_by_service:
            destination = self._lookup.pod(ref)
            if destination is None:
                return undefined(f"there is no pod {ref}")
            if flow.via is Via.SECOND_IP:
                return self._to_second_address(source, destination, flow)
            return self.between(source, destination, flow.port, flow.protocol)
        service = self._lookup.service(ref.namespace, flow.service)
        if service is None:
            edge = undefined(f"there is no Service {ref.namespace}/{flow.service}")
        elif flow.via is Via.NODE_PORT:
            return self._to_node_port(source, service, flow)
        else:
            edge = self.to_service(source, service, flow.service_port, flow.protocol)
        if flow.via is Via.SERVICE:
            return edge
        # A resolver asks by UDP first.
        return with_dns(edge, self._to_dns(source, Protocol.UDP, DNS_PORT))

    def _to_second_address(self, source: Pod, destination: Pod, flow: Flow) -> Decision:
        """Decide a pod reached by its address of the other family; policies are about both alike."""
        if is_finished(destination):
            return undefined(_finished(destination))
        if len(destination.ips) < 2:
            return undefined(f"{title(destination)} has one address")
        contact = Contact(
            source=source,
            destination=destination,
            address=destination.ips[1],
            port=flow.port,
            protocol=flow.protocol,
            own_node=self._lookup.on_one_node(source, destination),
        )
        return self._decide(contact)

    def to_service(self, source: Pod, service: Service, port: int, protocol: Protocol) -> Decision:
        """Decide each ready endpoint on its own port.

        Concept page "Service", virtual IP addressing: the Service's address and port are rewritten to
        those of one ready endpoint, whichever is chosen.
        """
        name = f"{service.namespace}/{service.name}"
        virtual = service.cluster_ips[0] if service.cluster_ips else ""
        backends = backends_for(service, port, protocol, virtual)
        if not backends:
            return undefined(f"Service {name} has no ready endpoint for {protocol} port {port}")
        dialled = None if service.headless else (virtual, port)
        decided = [
            (
                b.address or f"{service.namespace}/{b.pod}",
                b.port,
                self._to_backend(source, b, service, dialled),
            )
            for b in backends
        ]
        return of_backends(name, decided)

    def _to_node_port(self, source: Pod, service: Service, flow: Flow) -> Decision:
        """Decide a Service by its port on a node that is not that of a pod behind it.

        Which addresses policies see is not defined: those of the two pods, or at either end that of the
        node in between. Certain is what holds for all of them.
        """
        plain = self.to_service(source, service, flow.service_port, flow.protocol)
        readings = [plain.answer, *self._by_way_of_nodes(source, service, flow)]
        if common(readings) is not plain.answer:
            return undefined("whether policies see the pods or a node in between is left open")
        return plain

    def _by_way_of_nodes(self, source: Pod, service: Service, flow: Flow) -> Iterator[Answer]:
        """What policies make of the way to each node, and of the way from it to each pod behind it."""
        number = next((port.node_port for port in service.ports if port.port == flow.service_port), 0)
        for backend in backends_for(service, flow.service_port, flow.protocol, ""):
            pod = self._lookup.pod_of(backend, service)
            for node in () if pod is None else self._lookup.other_nodes(pod):
                if node.addresses and pod is not None:
                    address = node.addresses[0]
                    out = self.to_address(source, address, number, flow.protocol).answer
                    into = self._from_address(address, pod, backend.port, flow.protocol).answer
                    yield every((out, into))

    def _to_backend(
        self, source: Pod, backend: Backend, service: Service, virtual: tuple[str, int] | None
    ) -> Decision:
        pod = self._lookup.pod_of(backend, service)
        contact = Contact(
            source=source,
            destination=pod,
            address=backend.address,
            port=backend.port,
            protocol=backend.protocol,
            virtual=virtual,
            own_node=self._own_node(source, pod, backend.address),
        )
        if pod is not None and same_pod(pod, source) and virtual is not None:
            return self._to_itself(contact, service)
        return self._decide(contact)

    def _to_itself(self, contact: Contact, service: Service) -> Decision:
        """Decide a pod that comes back to itself through a Service.

        Concept page: a pod cannot block access to itself, but where addresses are rewritten it is not
        defined what policies see. Certain is only what is admitted in both readings: policies isolate the
        pod, and their rules admit it to itself as any other pod.
        """
        egress = self._judge.decide(Direction.EGRESS, contact)
        ingress = self._judge.decide(Direction.INGRESS, contact)
        admitted = of_ends(egress, ingress)
        if admitted.answer is Answer.ALLOW and (egress.isolating or ingress.isolating):
            return admitted
        return undefined(
            f"{title(contact.end(Direction.EGRESS))} is a backend of Service "
            f"{service.namespace}/{service.name} itself, and whether a pod reaches itself through a Service "
            "is left open"
        )

    def _to_dns(self, source: Pod, protocol: Protocol, port: int) -> Decision:
        key = (source.namespace, source.name, protocol, port)
        if key not in self._dns:
            self._dns[key] = self._decide_dns(source, protocol, port)
        return self._dns[key]

    def _decide_dns(self, source: Pod, protocol: Protocol, port: int) -> Decision:
        nameserver = self._lookup.nameserver
        if not nameserver:
            return undefined("the cluster's nameserver is not known")
        service = self._lookup.service_at(nameserver)
        if service is not None:
            return self.to_service(source, service, port, protocol)
        return self.to_address(source, nameserver, port, protocol)

    def _to_external(self, source: Pod, ref: ExternalRef, flow: Flow) -> Decision:
        host = self._lookup.external(ref.name)
        if host is None:
            return undefined(f"there is no external host {ref.name}")
        return self.to_address(source, host.address, flow.port, flow.protocol)

    def _to_node(self, source: Pod, ref: NodeRef, flow: Flow) -> Decision:
        """Decide a node, an address that only ipBlocks can mean; the other nodes must share one answer."""
        own = self._lookup.node_of(source)
        nodes = ((own,) if own else ()) if ref.which == "own" else self._lookup.other_nodes(source)
        addresses = [node.addresses[0] for node in nodes if node.addresses]
        if not addresses:
            return undefined(
                f"there is no node that is the {ref.which} one for {title(source)}, with an address"
            )
        decided = [self.to_address(source, address, flow.port, flow.protocol) for address in addresses]
        if common(d.answer for d in decided) is not decided[0].answer:
            return undefined("the policies give different answers for the other nodes")
        return decided[0]

    def to_address(self, source: Pod, address: str, port: int, protocol: Protocol) -> Decision:
        """Decide a pod reaching an address, which may be that of a pod."""
        pod = self._lookup.pod_at(address)
        contact = Contact(
            source=source,
            destination=pod,
            address=address,
            port=port,
            protocol=protocol,
            own_node=self._own_node(source, pod, address),
        )
        return self._decide(contact)

    def _decide(self, contact: Contact) -> Decision:
        if contact.is_loop:
            return of_ends(_loop(Direction.EGRESS, contact), _loop(Direction.INGRESS, contact))
        egress = None if contact.source is None else self._judge.decide(Direction.EGRESS, contact)
        ingress = None if contact.destination is None else self._judge.decide(Direction.INGRESS, contact)
        return of_ends(egress, ingress)

    def _own_node(self, source: Pod, destination: Pod | None, address: str) -> bool:
        if destination is None:
            return self._lookup.is_own_node(source, address)
        return self._lookup.on_one_node(source, destination)


def _loop(direction: Direction, contact: Contact) -> DirectionDecision:
    """Concept page, introduction: a pod cannot block access to itself."""
    reason = f"{title(contact.end(direction))} always reaches itself"
    return DirectionDecision(direction=direction, answer=Answer.ALLOW, reason=reason)


def _finished(pod: Pod) -> str:
    return f"the pod {title(pod)} has ended ({pod.phase}) and owns no address"
