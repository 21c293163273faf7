"""Deployments, DaemonSets, bare Pods and Services of a scenario, reduced to what decides flows.

Only what netprobe needs is checked here; the API server judges the rest of a pod spec.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netprobe.manifests.cursor import Cursor, cursor
from netprobe.manifests.document import Document
from netprobe.manifests.metadata import decode_labels, decode_metadata, decode_type
from netprobe.manifests.names import wrong_dns_label, wrong_port_name, wrong_port_number
from netprobe.manifests.protocol import decode_protocol
from netprobe.model.place import Problem
from netprobe.model.protocol import Protocol
from netprobe.model.scenario import Workload
from netprobe.model.topology import ContainerPort

API_VERSIONS: Mapping[str, str] = {"Deployment": "apps/v1", "DaemonSet": "apps/v1", "Pod": "v1"}
"""The kinds of workload that netprobe knows, with the apiVersion of each."""


def decode_workload(
    document: Document, problems: list[Problem], *, default_namespace: str = "default"
) -> Workload | None:
    """Read a Deployment, DaemonSet or Pod; None when it cannot be used, and then ``problems`` has grown.

    ``replicas`` is 1 when absent, and always 1 for a DaemonSet, which has one pod on each node.
    """
    top = cursor(document, problems)
    before = len(problems)
    kind = _kind(top)
    if kind is None:
        return None
    metadata = decode_metadata(top, wrong_dns_label)
    spec = top.mapping("spec", required=True)
    if spec is None or metadata is None:
        return None
    replicas = _replicas(spec) if kind == "Deployment" else 1
    labels, pod = (metadata.labels, spec) if kind == "Pod" else _template(spec)
    ports = () if pod is None else _container_ports(pod)
    host_network = pod is not None and pod.flag("hostNetwork")
    if len(problems) > before:
        return None
    return Workload(
        namespace=metadata.namespace or default_namespace,
        name=metadata.name,
        kind=kind,
        replicas=replicas,
        labels=labels,
        ports=ports,
        host_network=bool(host_network),
        place=top.place,
    )


def _kind(top: Cursor) -> str | None:
    kind = top.text("kind", required=True)
    if kind is None:
        return None
    if kind not in API_VERSIONS:
        top.complain(f"{kind} is not a workload that netprobe knows", key="kind", hint="use a Deployment")
        return None
    return kind if decode_type(top, API_VERSIONS[kind], kind) else None


def _replicas(spec: Cursor) -> int:
    replicas = spec.number("replicas")
    if replicas is not None and replicas < 0:
        spec.complain(f"{replicas} must not be negative", key="replicas")
    return 1 if replicas is None else replicas


def _template(spec: Cursor) -> tuple[Mapping[str, str], Cursor | None]:
    """The labels and the spec of the pods that a controller makes, after a check of its selector."""
    template = spec.mapping("template", required=True)
    selector = spec.mapping("selector", required=True)
    if template is None:
        return {}, None
    metadata = template.mapping("metadata")
    labels = decode_labels(metadata, "labels") if metadata is not None else {}
    wanted = selector.string_map("matchLabels") if selector is not None else None
    for name, value in (wanted or {}).items():
        if selector is not None and labels.get(name) != value:
            selector.complain(
                f"{name}={value} is not among the labels of the pod template", key="matchLabels"
            )
    return labels, template.mapping("spec", required=True)


def _container_ports(pod: Cursor) -> tuple[ContainerPort, ...]:
    found: list[tuple[Cursor, ContainerPort]] = []
    containers = pod.items("containers", required=True)
    if containers == ():
        pod.complain("must hold at least one container", key="containers")
    for container in containers or ():
        if not container.is_mapping():
            continue
        name = container.text("name", required=True)
        if name is not None and (wrong := wrong_dns_label(name)):
            container.complain(wrong, key="name")
        ports = [(item, decode_container_port(item)) for item in container.items("ports") or ()]
        found.extend((item, port) for item, port in ports if port is not None)
    _check_unique(found)
    return tuple(port for _, port in found)


def decode_container_port(item: Cursor) -> ContainerPort | None:
    """Read one entry of a container's ``ports``; None when it has no usable number."""
    if not item.is_mapping():
        return None
    item.keys(("containerPort", "protocol", "name", "hostPort", "hostIP"))
    number = item.number("containerPort", required=True)
    name = item.text("name") or ""
    protocol = decode_protocol(item)
    if name and (wrong := wrong_port_name(name)):
        item.complain(wrong, key="name")
    if number is None:
        return None
    if wrong := wrong_port_number(number):
        item.complain(wrong, key="containerPort")
        return None
    return ContainerPort(number=number, protocol=protocol, name=name)


def _check_unique(found: Iterable[tuple[Cursor, ContainerPort]]) -> None:
    """Two containers of a pod share one network: a port can be listened on once, and named once."""
    numbers: set[tuple[int, Protocol]] = set()
    names: set[str] = set()
    for item, port in found:
        if (port.number, port.protocol) in numbers:
            item.complain(f"{port.protocol} port {port.number} is declared twice in this pod")
        if port.name in names:
            item.complain(f'the port name "{port.name}" is given twice in this pod', key="name")
        numbers.add((port.number, port.protocol))
        if port.name:
            names.add(port.name)
