"""EndpointSlices: which addresses and ports stand behind a Service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from netprobe.lab.control.deleting import delete
from netprobe.lab.control.kinds import is_terminating, key_of
from netprobe.lab.control.naming import generated_name
from netprobe.lab.control.owning import owner_reference
from netprobe.lab.control.pods import ENDED, is_ready, phase_of
from netprobe.lab.control.selectors import matches_labels
from netprobe.lab.store.objects import Event, Key, Object, Store

SERVICE_NAME = "kubernetes.io/service-name"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
MANAGER = "endpointslice-controller.k8s.io"
HEADLESS = "service.kubernetes.io/headless"

Ports = tuple[tuple[str, int, str], ...]
"""(name, number, protocol) of each port of a slice."""


class EndpointSlices:
    """Keeps, for each Service with a selector, one slice per distinct set of resolved ports."""

    resources = ("services", "pods", "endpointslices")

    def __init__(self, store: Store, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now

    def keys(self, event: Event) -> Iterable[Key]:
        """The Service itself, the one behind a slice, or those that select the pod now or did before."""
        if event.resource == "services":
            return (key_of("services", event.object),)
        meta = event.object["metadata"]
        namespace = meta.get("namespace", "")
        if event.resource == "endpointslices":
            name = (meta.get("labels") or {}).get(SERVICE_NAME)
            return (("services", namespace, name),) if name else ()
        states = [event.object] if event.previous is None else [event.object, event.previous]
        return [
            key_of("services", service)
            for service in self._store.list("services", namespace)
            if any(_selects(service, state) for state in states)
        ]

    def reconcile(self, key: Key) -> None:
        """Write the slices that differ and delete those that nothing stands behind any more."""
        service = self._store.find(*key)
        if service is None or is_terminating(service) or not service["spec"].get("selector"):
            return
        wanted = self._wanted(service)
        for current in list(self._managed(service)):
            ports = _ports_of_slice(current)
            if ports in wanted:
                self._update(current, service, wanted.pop(ports))
            else:
                delete(self._store, "endpointslices", current, self._now)
        for ports, endpoints in wanted.items():
            self._store.create("endpointslices", _new_slice(service, ports, endpoints))

    def _wanted(self, service: Object) -> dict[Ports, list[dict[str, Any]]]:
        groups: dict[Ports, list[dict[str, Any]]] = defaultdict(list)
        for pod in self._store.list("pods", service["metadata"]["namespace"]):
            if _selects(service, pod) and _has_address(pod):
                groups[_resolved(service, pod)].append(_endpoint(service, pod))
        if not groups:  # a Service that nothing backs still shows one empty slice
            groups[()] = []
        return groups

    def _managed(self, service: Object) -> Iterable[Object]:
        labels = {SERVICE_NAME: service["metadata"]["name"], MANAGED_BY: MANAGER}
        for one in self._store.list("endpointslices", service["metadata"]["namespace"]):
            if matches_labels(labels, one["metadata"].get("labels")):
                yield one

    def _update(self, current: Object, service: Object, endpoints: list[dict[str, Any]]) -> None:
        def edit(copy: Object) -> None:
            copy["endpoints"] = endpoints
            copy["metadata"]["labels"] = _labels(service)

        meta = current["metadata"]
        self._store.change("endpointslices", meta["namespace"], meta["name"], edit)


def _selects(service: Object, pod: Object) -> bool:
    selector = service["spec"].get("selector")
    return bool(selector) and matches_labels(selector, pod["metadata"].get("labels"))


def _has_address(pod: Object) -> bool:
    return bool((pod.get("status") or {}).get("podIP")) and phase_of(pod) not in ENDED


def _resolved(service: Object, pod: Object) -> Ports:
    """The Service's ports as numbers on this pod; a named port that the pod lacks is left out."""
    ports = []
    for port in service["spec"].get("ports") or ():
        protocol = port.get("protocol", "TCP")
        number = _target(pod, port.get("targetPort", port["port"]), protocol)
        if number is not None:
            ports.append((port.get("name", ""), number, protocol))
    return tuple(sorted(ports))


def _target(pod: Object, target: int | str, protocol: str) -> int | None:
    if isinstance(target, int):
        return target
    for container in pod["spec"]["containers"]:
        for port in container.get("ports") or ():
            if (port.get("name"), port.get("protocol", "TCP")) == (target, protocol):
                return int(port["containerPort"])
    return None


def _endpoint(service: Object, pod: Object) -> dict[str, Any]:
    serving, terminating = is_ready(pod), is_terminating(pod)
    ready = bool(service["spec"].get("publishNotReadyAddresses")) or (serving and not terminating)
    meta, spec = pod["metadata"], pod["spec"]
    endpoint: dict[str, Any] = {
        "addresses": [pod["status"]["podIP"]],
        "conditions": {"ready": ready, "serving": serving, "terminating": terminating},
        "targetRef": {
            "kind": "Pod",
            "name": meta["name"],
            "namespace": meta["namespace"],
            "uid": meta["uid"],
        },
        "nodeName": spec.get("nodeName", ""),
    }
    if spec.get("hostname") and spec.get("subdomain") == service["metadata"]["name"]:
        endpoint["hostname"] = spec["hostname"]
    return endpoint


def _labels(service: Object) -> dict[str, str]:
    labels = {**(service["metadata"].get("labels") or {})}
    labels |= {SERVICE_NAME: service["metadata"]["name"], MANAGED_BY: MANAGER}
    if service["spec"].get("clusterIP") == "None":
        labels[HEADLESS] = ""
    return labels


def _new_slice(service: Object, ports: Ports, endpoints: Sequence[Mapping[str, Any]]) -> Object:
    prefix = f"{service['metadata']['name']}-"
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "generateName": prefix,
            "name": generated_name(prefix),
            "namespace": service["metadata"]["namespace"],
            "labels": _labels(service),
            "ownerReferences": [owner_reference(service)],
        },
        "addressType": "IPv4",
        "endpoints": list(endpoints),
        "ports": [{"name": name, "port": number, "protocol": protocol} for name, number, protocol in ports],
    }


def _ports_of_slice(one: Object) -> Ports:
    return tuple(sorted((port["name"], port["port"], port["protocol"]) for port in one.get("ports") or ()))
