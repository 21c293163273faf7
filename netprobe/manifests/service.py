"""Services of a scenario."""

from __future__ import annotations

from netprobe.manifests.cursor import Cursor, cursor
from netprobe.manifests.document import Document
from netprobe.manifests.metadata import decode_labels, decode_metadata, decode_type
from netprobe.manifests.names import wrong_dns_label, wrong_port_name, wrong_port_number, wrong_service_name
from netprobe.manifests.protocol import decode_protocol
from netprobe.model.place import Problem
from netprobe.model.scenario import ScenarioService
from netprobe.model.topology import ServicePort

_TYPES = ("ClusterIP", "NodePort", "LoadBalancer")


def decode_service(
    document: Document, problems: list[Problem], *, default_namespace: str = "default"
) -> ScenarioService | None:
    """Read a Service; None when it cannot be used, and then ``problems`` has grown.

    ``target`` of a port is its ``targetPort``, or the port itself when that is absent.
    """
    top = cursor(document, problems)
    before = len(problems)
    if not decode_type(top, "v1", "Service"):
        return None
    metadata = decode_metadata(top, wrong_service_name)
    spec = top.mapping("spec", required=True)
    if spec is None or metadata is None:
        return None
    _check_type(spec)
    headless = spec.text("clusterIP") == "None"
    ports = decode_service_ports(spec)
    if not ports and not headless:
        spec.complain("a Service needs at least one port", key="ports")
    selector = decode_labels(spec, "selector")
    if len(problems) > before:
        return None
    return ScenarioService(
        namespace=metadata.namespace or default_namespace,
        name=metadata.name,
        selector=selector,
        ports=ports,
        headless=headless,
        on_nodes=spec.text("type") == "NodePort",
    )


def _check_type(spec: Cursor) -> None:
    kind = spec.text("type")
    if kind == "ExternalName":
        spec.complain("an ExternalName Service has no pods behind it", key="type", hint="leave it out")
    elif kind is not None and kind not in _TYPES:
        spec.complain(f'"{kind}" is not one of {", ".join(_TYPES)}', key="type")


def decode_service_ports(spec: Cursor) -> tuple[ServicePort, ...]:
    """Read the ``ports`` of a Service's spec; ``target`` is the port itself where no targetPort is given."""
    items = [item for item in spec.items("ports") or () if item.is_mapping()]
    ports: list[ServicePort] = []
    for item in items:
        port = _port(item)
        if port is None:
            continue
        if len(items) > 1 and not port.name:
            item.complain("needs a name, because the Service has several ports")
        if any((port.port, port.protocol) == (other.port, other.protocol) for other in ports):
            item.complain(f"{port.protocol} port {port.port} is given twice")
        if port.name and any(port.name == other.name for other in ports):
            item.complain(f'the name "{port.name}" is given twice', key="name")
        ports.append(port)
    return tuple(ports)


def _port(item: Cursor) -> ServicePort | None:
    item.keys(("port", "protocol", "targetPort", "name", "nodePort", "appProtocol"))
    number = item.number("port", required=True)
    target = item.number_or_text("targetPort")
    name = item.text("name") or ""
    protocol = decode_protocol(item)
    if name and (wrong := wrong_dns_label(name)):
        item.complain(wrong, key="name")
    if target is not None and (wrong := _wrong_target(target)):
        item.complain(wrong, key="targetPort")
    if number is None:
        return None
    if wrong := wrong_port_number(number):
        item.complain(wrong, key="port")
    return ServicePort(port=number, protocol=protocol, target=target or number, name=name)


def _wrong_target(target: int | str) -> str:
    return wrong_port_number(target) if isinstance(target, int) else wrong_port_name(target)
