"""A contact: one concrete way in which a flow reaches an end, after names and Services are resolved."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import same_family


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A source pod and where its packets end.

    ``address`` and ``port`` are where they end: those of the ``destination`` pod, or of a host that
    is no pod (None). ``address`` is "" when unknown. ``virtual`` is the ClusterIP and Service port
    that the source dialled instead, before address translation. ``own_node`` tells that the host is
    the source's own node.
    """

    source: Pod
    destination: Pod | None
    address: str
    port: int
    protocol: Protocol
    virtual: tuple[str, int] | None = None
    own_node: bool = False

    @property
    def is_loop(self) -> bool:
        """Whether the pod talks to itself."""
        return self.destination is not None and same_pod(self.source, self.destination)

    @property
    def source_address(self) -> str:
        """The source's address of the family in use, "" when it has none."""
        fitting = (ip for ip in self.source.ips if same_family(ip, self.address))
        return next(fitting, "")

    def remote(self, direction: Direction) -> Pod | None:
        """The pod at the other end, seen from the end that ``direction`` is judged at."""
        return self.source if direction is Direction.INGRESS else self.destination

    def remote_address(self, direction: Direction) -> str:
        """The address at the other end, seen from the end that ``direction`` is judged at."""
        return self.source_address if direction is Direction.INGRESS else self.address


def to_pod(source: Pod, destination: Pod, port: int, protocol: Protocol) -> Contact:
    """Return the contact with a pod by its primary address."""
    address = destination.ips[0] if destination.ips else ""
    return Contact(source=source, destination=destination, address=address, port=port, protocol=protocol)


def same_pod(one: Pod, other: Pod) -> bool:
    """Whether both are the same pod (a name is unique in its namespace)."""
    return (one.namespace, one.name) == (other.namespace, other.name)


def title(pod: Pod) -> str:
    """Name a pod for a person: ``namespace/workload``, with its index where there are more of them.

    A pod without a workload goes by its own name.
    """
    name = pod.workload or pod.name
    if pod.workload and pod.siblings:
        name = f"{name}[{pod.index}]"
    return f"{pod.namespace}/{name}"
