"""Finding the things of a topology that flows name."""

from __future__ import annotations

from collections import defaultdict

from netprobe.model.flow import PodRef
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Backend, ExternalHost, Node, Pod, Service, Topology
from netprobe.oracle.addresses import parse, same_family

_FINISHED = ("Succeeded", "Failed")


class Lookup:
    """Indexes over one topology."""

    def __init__(self, topology: Topology) -> None:
        """Index everything once; the topology does not change."""
        self.nameserver = topology.nameserver
        self._pods = {
            PodRef(namespace=p.namespace, workload=p.workload, index=p.index): p for p in topology.pods
        }
        self._by_name = {(p.namespace, p.name): p for p in topology.pods}
        self._services = {(s.namespace, s.name): s for s in topology.services}
        self._nodes = {node.name: node for node in topology.nodes}
        self._externals = {host.name: host for host in topology.externals}
        self._by_virtual = {parse(ip): s for s in topology.services for ip in s.cluster_ips}
        self._by_address: dict[object, list[Pod]] = defaultdict(list)
        for pod in topology.pods:
            for ip in pod.ips:
                if not is_finished(pod) and not pod.host_network:
                    self._by_address[parse(ip)].append(pod)

    def pod(self, ref: PodRef) -> Pod | None:
        """Return the pod, None when there is none."""
        return self._pods.get(ref)

    def external(self, name: str) -> ExternalHost | None:
        """Return the external host, None when there is none."""
        return self._externals.get(name)

    def service(self, namespace: str, name: str) -> Service | None:
        """Return the Service, None when there is none."""
        return self._services.get((namespace, name))

    def service_at(self, address: str) -> Service | None:
        """Return the Service with this ClusterIP, None when there is none."""
        return self._by_virtual.get(parse(address))

    def node_of(self, pod: Pod) -> Node | None:
        """Return the pod's own node, None when it is not known."""
        return self._nodes.get(pod.node)

    def other_nodes(self, pod: Pod) -> tuple[Node, ...]:
        """Return the nodes that are not the pod's own."""
        return tuple(node for node in self._nodes.values() if node.name != pod.node)

    def is_own_node(self, pod: Pod, address: str) -> bool:
        """Whether the address belongs to the pod's own node; a link-local one can be nowhere else."""
        parsed = parse(address)
        node = self.node_of(pod)
        if parsed is None:
            return False
        return parsed.is_link_local or any(parse(own) == parsed for own in (node.addresses if node else ()))

    def on_one_node(self, one: Pod, other: Pod) -> bool:
        """Whether one of two pods is, or may be, on the network of the node where the other runs."""
        if not (one.host_network or other.host_network):
            return False
        return not one.node or not other.node or one.node == other.node

    def pod_of(self, backend: Backend, service: Service) -> Pod | None:
        """Return the pod behind a backend, by its name or else its address; None for another host."""
        named = self._by_name.get((service.namespace, backend.pod)) if backend.pod else None
        return named or self.pod_at(backend.address)

    def pod_at(self, address: str) -> Pod | None:
        """Return the pod that owns the address; pods that have finished own none, hostNetwork ones share."""
        owners = self._by_address.get(parse(address), ())
        return owners[0] if owners else None


def is_finished(pod: Pod) -> bool:
    """Whether the pod has run to its end; its address may belong to another pod by now.

    Concept page "Pod Lifecycle", pod phase: in Succeeded and Failed all containers have terminated.
    """
    return pod.phase in _FINISHED


def backends_for(service: Service, port: int, protocol: Protocol, virtual: str) -> tuple[Backend, ...]:
    """Return the backends of a Service port, those of the family of ``virtual`` where it is given.

    A backend whose address is not known yet is taken for one of that family.
    """
    fitting = (b for b in service.backends if b.service_port == port and b.protocol is protocol)
    return tuple(b for b in fitting if not (virtual and b.address) or same_family(b.address, virtual))
