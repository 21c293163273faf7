"""Why one flow is allowed, denied or left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netprobe.app.defects import defect_note, find_defect
from netprobe.app.ends import Dialled, End, another_than, find_end, port_number, split_destination, undeclared
from netprobe.app.inventories import Where, find_inventory
from netprobe.app.late import load
from netprobe.errors import InputError
from netprobe.model.decision import Decision
from netprobe.model.explanation import Explanation
from netprobe.model.inventory import Inventory
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.protocol import Protocol
from netprobe.oracle.contact import title
from netprobe.oracle.decide import Oracle
from netprobe.oracle.defects.faulty import FaultyOracle
from netprobe.oracle.lookup import backends_for

FORMATS: Mapping[str, str] = {
    "text": "netprobe.report.explanation.to_text:render",
    "json": "netprobe.report.explanation.to_json:render",
}

"""Formats by name: what renders an explanation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainRequest:
    """What to explain: ends as ``app.ends`` reads them; ``defect`` as in ``app.matrix``."""

    where: Where
    source: str
    destination: str
    ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN
    defect: str = ""


def explain_flow(request: ExplainRequest) -> Explanation:
    """Return the decision with its reasons. Raises InputError, EnvironmentFailure."""
    dialled = split_destination(request.destination)
    found = find_inventory(request.where)
    inventory, namespace = found.inventory, request.where.namespace
    source = find_end(request.source, inventory, namespace)
    destination = another_than(source, find_end(dialled.end, inventory, namespace))
    if source.service is not None:
        raise InputError(f"{source.words} is no source of traffic", remedy="name a pod or an address")
    if source.pod is None and destination.pod is None and destination.service is None:
        raise InputError("neither end is a pod, so no policy is asked", remedy="name a pod at one end")
    port = port_number(destination, dialled)
    hidden = "" if destination.pod is None else undeclared(destination.pod, port, dialled.protocol)
    notes = (source.note, destination.note, hidden, *found.notes, defect_note(request.defect))
    return Explanation(
        source=source.words,
        destination=destination.words,
        port=port,
        protocol=dialled.protocol,
        decision=_decide(request, inventory, source, destination, (port, dialled)),
        backends=_backends(inventory, destination, port, dialled.protocol),
        notes=tuple(note for note in notes if note),
    )


def render(explanation: Explanation, name: str, *, width: int, color: bool) -> str:
    """Return the explanation in the format with this name."""
    function = load(FORMATS[name])
    text: str = function(explanation) if name == "json" else function(explanation, width=width, color=color)
    return text


def _backends(inventory: Inventory, destination: End, port: int, protocol: Protocol) -> tuple[str, ...]:
    """Name the backends that the oracle decides about."""
    service = destination.service
    if service is None:
        return ()
    virtual = service.cluster_ips[0] if service.cluster_ips else ""
    titles = {pod.name: title(pod) for pod in inventory.topology.pods if pod.namespace == service.namespace}
    return tuple(
        titles.get(backend.pod, backend.address) for backend in backends_for(service, port, protocol, virtual)
    )


def _decide(
    request: ExplainRequest, inventory: Inventory, source: End, destination: End, ports: tuple[int, Dialled]
) -> Decision:
    port, dialled = ports
    oracle = Oracle(
        inventory.topology,
        inventory.policies,
        admin_policies=inventory.admin_policies,
        ip_blocks_mean_pods=request.ip_blocks_mean_pods,
    )
    if destination.service is not None:
        if request.defect:
            raise InputError("a defect is shown for pods, not for Services", remedy="name a pod")
        if source.pod is None:
            raise InputError("which pod an address reaches by a Service is not known", remedy="name a pod")
        return oracle.to_service(source.pod, destination.service, port, dialled.protocol)
    ends = (source.pod or source.address, destination.pod or destination.address)
    if not request.defect:
        return oracle.between(*ends, port, dialled.protocol)
    faulty = FaultyOracle(
        find_defect(request.defect),
        inventory.topology,
        inventory.policies,
        admin_policies=inventory.admin_policies,
        ip_blocks_mean_pods=request.ip_blocks_mean_pods,
    )
    return faulty.between(*ends, port, dialled.protocol)
