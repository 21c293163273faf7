"""Pods and pod templates, reduced to what decides flows.

Only what every API server refuses and what netprobe reads is checked; the rest of a pod spec is the
API server's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netprobe.manifests.cursor import Cursor
from netprobe.manifests.inventory.records import Owner, Template, WrittenPod
from netprobe.manifests.metadata import decode_labels, decode_metadata
from netprobe.manifests.workload import decode_container_port
from netprobe.model.topology import ContainerPort, Pod


def decode_pod(top: Cursor, default_namespace: str) -> WrittenPod | None:
    """Read a Pod; without a status (a manifest) it is taken for running and ready."""
    metadata = decode_metadata(top)
    spec = top.mapping("spec", required=True)
    template = Template() if spec is None else decode_pod_spec(spec, {})
    if metadata is None:
        return None
    about = top.mapping("metadata")
    pod = Pod(
        namespace=metadata.namespace or default_namespace,
        name=metadata.name,
        labels=metadata.labels,
        ports=template.ports,
        host_network=template.host_network,
        node=template.node,
        uid=(about.text("uid") if about else None) or "",
    )
    return WrittenPod(
        pod=_with_status(pod, top.mapping("status")),
        owner=decode_owner(about) if about else None,
        created=(about.text("creationTimestamp") if about else None) or "",
        terminating=bool(about and about.text("deletionTimestamp")),
        place=top.place,
    )


def decode_template(holder: Cursor) -> Template:
    """Read the ``template`` of a controller's spec."""
    template = holder.mapping("template", required=True)
    if template is None:
        return Template()
    metadata = template.mapping("metadata")
    labels = decode_labels(metadata, "labels") if metadata is not None else {}
    spec = template.mapping("spec", required=True)
    return Template(labels=labels) if spec is None else decode_pod_spec(spec, labels)


def decode_pod_spec(spec: Cursor, labels: Mapping[str, str]) -> Template:
    """Read a pod spec: the ports of its containers, then of the sidecars, as the API server looks them up."""
    containers = spec.items("containers", required=True)
    if containers == ():
        spec.complain("must hold at least one container", key="containers")
    ports: list[ContainerPort] = []
    for container in containers or ():
        ports.extend(_ports(container))
    for container in spec.items("initContainers") or ():
        if isinstance(container.value, dict) and container.value.get("restartPolicy") == "Always":
            ports.extend(_ports(container))
    return Template(
        labels=labels,
        ports=tuple(ports),
        host_network=bool(spec.flag("hostNetwork")),
        node=spec.text("nodeName") or "",
    )


def decode_owner(metadata: Cursor) -> Owner | None:
    """Read the owner that controls the object, None when there is none."""
    for item in metadata.items("ownerReferences") or ():
        if item.is_mapping() and item.flag("controller"):
            kind, name = item.text("kind"), item.text("name")
            if kind and name:
                return Owner(kind=kind, name=name)
    return None


def _ports(container: Cursor) -> list[ContainerPort]:
    if not container.is_mapping():
        return []
    container.text("name", required=True)
    ports = (decode_container_port(item) for item in container.items("ports") or ())
    return [port for port in ports if port is not None]


def _with_status(pod: Pod, status: Cursor | None) -> Pod:
    phase = status.text("phase") if status is not None else None
    if status is None or phase is None:
        return pod
    conditions = [item for item in status.items("conditions") or () if item.is_mapping()]
    ready = any(item.text("type") == "Ready" and item.text("status") == "True" for item in conditions)
    return replace(pod, ips=_addresses(status), phase=phase, ready=ready)


def _addresses(status: Cursor) -> tuple[str, ...]:
    several = [item.text("ip") for item in status.items("podIPs") or () if item.is_mapping()]
    one = status.text("podIP")
    return tuple(ip for ip in several if ip) or ((one,) if one else ())
