"""Rules for pods and pod templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from netprobe.lab.api.status_errors import Cause
from netprobe.lab.api.validation.causes import duplicate, invalid_value, not_allowed, required, unsupported
from netprobe.lab.api.validation.names import dns_label_causes
from netprobe.lab.api.validation.ports import number_causes, port_name_causes, protocol_causes

_MUTABLE = ("activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations", "nodeName")
_FIXED_RULE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def pod_causes(pod: Mapping[str, Any]) -> Iterator[Cause]:
    """Check a Pod."""
    yield from pod_spec_causes("spec", pod["spec"])


def pod_spec_causes(field: str, spec: Mapping[str, Any], *, always_restarts: bool = False) -> Iterator[Cause]:
    """Check a PodSpec; a template of a controller (``always_restarts``) may only restart always."""
    containers = spec.get("containers", ())
    if not containers:
        yield required(f"{field}.containers")
    names: set[str] = set()
    for kind in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(kind, ())):
            here = f"{field}.{kind}[{index}]"
            yield from _container_causes(here, container)
            if container.get("name") in names:
                yield duplicate(f"{here}.name", container["name"])
            names.add(container.get("name", ""))
    policies = ("Always",) if always_restarts else ("Always", "OnFailure", "Never")
    if spec["restartPolicy"] not in policies:
        yield unsupported(f"{field}.restartPolicy", spec["restartPolicy"], policies)


def pod_change_causes(pod: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[Cause]:
    """Check an update of a Pod: little of its spec may change."""
    if _fixed_part(pod["spec"]) != _fixed_part(old["spec"]):
        yield not_allowed("spec", _FIXED_RULE)


def _fixed_part(spec: Mapping[str, Any]) -> dict[str, Any]:
    fixed = {key: value for key, value in spec.items() if key not in _MUTABLE}
    for kind in ("initContainers", "containers"):
        fixed[kind] = [
            {key: value for key, value in container.items() if key != "image"}
            for container in spec.get(kind, ())
        ]
    return fixed


def _container_causes(field: str, container: Mapping[str, Any]) -> Iterator[Cause]:
    if not container.get("name"):
        yield required(f"{field}.name")
    else:
        yield from dns_label_causes(f"{field}.name", container["name"])
    if not container.get("image"):
        yield required(f"{field}.image")
    names: set[str] = set()
    for index, port in enumerate(container.get("ports", ())):
        here = f"{field}.ports[{index}]"
        yield from _container_port_causes(here, port)
        name = port.get("name", "")
        if name and name in names:
            yield duplicate(f"{here}.name", name)
        names.add(name)
    for index, variable in enumerate(container.get("env", ())):
        if not variable.get("name"):
            yield required(f"{field}.env[{index}].name")
        elif variable.get("value") and variable.get("valueFrom"):
            why = "may not be specified when `value` is not empty"
            yield invalid_value(f"{field}.env[{index}].valueFrom", "", why)


def _container_port_causes(field: str, port: Mapping[str, Any]) -> Iterator[Cause]:
    if port.get("name"):
        yield from port_name_causes(f"{field}.name", port["name"])
    if not port.get("containerPort"):
        yield required(f"{field}.containerPort")
    else:
        yield from number_causes(f"{field}.containerPort", port["containerPort"])
    yield from protocol_causes(f"{field}.protocol", port["protocol"])
