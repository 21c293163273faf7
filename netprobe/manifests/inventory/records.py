"""What single objects say, before they are put together to an inventory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netprobe.model.place import Place
from netprobe.model.topology import ContainerPort, Pod, ServicePort


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """The controller that ``ownerReferences`` names."""

    kind: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """What a pod template says of its pods."""

    labels: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[ContainerPort, ...] = ()
    host_network: bool = False
    node: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Maker:
    """A controller that makes pods; ``replicas`` None stands for one pod on each node.

    ``first`` is the number of a StatefulSet's first pod.
    """

    kind: str
    namespace: str
    name: str
    replicas: int | None
    template: Template
    owner: Owner | None = None
    first: int = 0
    place: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenPod:
    """A Pod object. ``pod`` has no workload yet; ``created`` is "" unless a cluster wrote it."""

    pod: Pod
    owner: Owner | None = None
    created: str = ""
    terminating: bool = False
    place: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """One endpoint of an EndpointSlice; ``pod`` is the name of the pod behind it, "" when unknown."""

    address: str
    ready: bool = True
    pod: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """An EndpointSlice of a Service. ``ports`` are the numbers by the names of the Service's ports."""

    namespace: str
    name: str
    service: str
    endpoints: tuple[Endpoint, ...] = ()
    ports: Mapping[str, int] = field(default_factory=dict)
    place: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenService:
    """A Service object; ``families`` (4, 6) are those that it is written for, empty when it says nothing."""

    namespace: str
    name: str
    cluster_ips: tuple[str, ...] = ()
    families: tuple[int, ...] = ()
    ports: tuple[ServicePort, ...] = ()
    selector: Mapping[str, str] | None = None
    headless: bool = False
    external_name: str = ""
    also_unready: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None
