"""A contact: one concrete way in which a flow reaches an end, after names and Services are resolved."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import same_family


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """Where packets come from and where they end; at least one of the two is a pod.

    ``address`` and ``port`` are where they end: those of the ``destination`` pod, or of a host that
    is no pod (None). ``address`` is "" when unknown. ``virtual`` is the ClusterIP ("" when unknown)
    and Service port that the source dialled instead, before address translation. ``source`` is None
    for a host that is no pod, with the address ``source_host``. ``own_node`` tells that one end is, or
    may be, the node (or on the network of the node) where the other end's pod runs.
    """

    source: Pod | None
    destination: Pod | None
    address: str
    port: int
    protocol: Protocol
    virtual: tuple[str, int] | None = None
    source_host: str = ""
    own_node: bool = False

    @property
    def is_loop(self) -> bool:
        """Whether the pod talks to itself."""
        if self.source is None or self.destination is None:
            return False
        return same_pod(self.source, self.destination)

    @property
    def source_address(self) -> str:
        """The source's address of the family in use, "" when it has none.

        A host reaches a pod that has no address yet by whatever address it is known by.
        """
        if self.source is None and self.destination is not None and not self.destination.ips:
            return self.source_host
        known = (self.source_host,) if self.source is None else self.source.ips
        return next((ip for ip in known if same_family(ip, self.address)), "")

    def end(self, direction: Direction) -> Pod:
        """The pod that ``direction`` is judged at, which must be one."""
        pod = self.source if direction is Direction.EGRESS else self.destination
        assert pod is not None
        return pod

    def remote(self, direction: Direction) -> Pod | None:
        """The pod at the other end, seen from the end that ``direction`` is judged at."""
        return self.source if direction is Direction.INGRESS else self.destination

    def remote_host(self, direction: Direction) -> str:
        """How the other end is called when it is no pod."""
        return self.source_host if direction is Direction.INGRESS else self.address

    def remote_address(self, direction: Direction) -> str:
        """The address at the other end, seen from the end that ``direction`` is judged at."""
        return self.source_address if direction is Direction.INGRESS else self.address


def dialled(source: Pod, destination: Pod) -> str:
    """Return the address by which ``source`` reaches a pod: the first of a family that it has itself.

    The pod's primary address when they share no family; "" when the pod has no address yet.
    """
    shared = (ip for ip in destination.ips if any(same_family(ip, own) for own in source.ips))
    return next(shared, destination.ips[0] if destination.ips else "")


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
