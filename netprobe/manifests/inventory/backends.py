"""Services with their backends: from EndpointSlices where there are any, else from selector and pods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from netprobe.manifests.inventory.records import Slice, WrittenService
from netprobe.model.topology import Backend, Pod, Service, ServicePort

_FINISHED = ("Succeeded", "Failed")


class Backends:
    """Finds the backends of Services."""

    def __init__(self, slices: Iterable[Slice], pods: Iterable[Pod]) -> None:
        """Index everything once."""
        self._slices: dict[tuple[str, str], list[Slice]] = defaultdict(list)
        for found in sorted(slices, key=lambda found: found.name):
            self._slices[(found.namespace, found.service)].append(found)
        self._pods: dict[str, list[Pod]] = defaultdict(list)
        for pod in pods:
            self._pods[pod.namespace].append(pod)

    def complete(self, service: WrittenService) -> Service:
        """Return the Service with one backend for each port and ready endpoint."""
        slices = self._slices.get((service.namespace, service.name))
        backends = _from_slices(service, slices) if slices else self._computed(service)
        return Service(
            namespace=service.namespace,
            name=service.name,
            cluster_ips=service.cluster_ips,
            ports=service.ports,
            selector=service.selector,
            backends=tuple(backends),
            headless=service.headless,
            external_name=service.external_name,
        )

    def _computed(self, service: WrittenService) -> Iterator[Backend]:
        """What the endpoint controller would write.

        A pod that has no address yet (it stands for a template) is a backend without one.
        """
        if not service.selector or service.external_name:
            return
        wanted = service.selector.items()
        for pod in self._pods[service.namespace]:
            if _serves(pod, service) and wanted <= pod.labels.items():
                for port in service.ports:
                    number = _resolved(port, pod)
                    if number is not None:
                        for address in _addresses(pod, service):
                            yield _backend(port, address, number, pod.name)


def _from_slices(service: WrittenService, slices: Iterable[Slice]) -> Iterator[Backend]:
    for found in slices:
        for endpoint in found.endpoints:
            for port in service.ports:
                number = found.ports.get(port.name)
                if number is not None and endpoint.ready:
                    yield _backend(port, endpoint.address, number, endpoint.pod)


def _backend(port: ServicePort, address: str, number: int, pod: str) -> Backend:
    return Backend(service_port=port.port, protocol=port.protocol, address=address, port=number, pod=pod)


def _serves(pod: Pod, service: WrittenService) -> bool:
    return pod.phase not in _FINISHED and (pod.ready or service.also_unready)


def _resolved(port: ServicePort, pod: Pod) -> int | None:
    """The number of the pod's first port of that name and protocol (Service concept page, targetPort)."""
    if isinstance(port.target, int):
        return port.target
    fitting = (p.number for p in pod.ports if p.name == port.target and p.protocol is port.protocol)
    return next(fitting, None)


def _addresses(pod: Pod, service: WrittenService) -> tuple[str, ...]:
    """The pod's addresses of the Service's families; of one that names none, the pod's primary one."""
    if not pod.ips:
        return ("",) if pod.phase == "Running" else ()
    families = service.families or tuple(_family(ip) for ip in service.cluster_ips)
    return tuple(ip for ip in pod.ips if _family(ip) in families) if families else pod.ips[:1]


def _family(address: str) -> int:
    return 6 if ":" in address else 4
