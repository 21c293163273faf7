"""The controllers that make pods."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from netprobe.manifests.cursor import Cursor
from netprobe.manifests.inventory.pods import decode_owner, decode_template
from netprobe.manifests.inventory.records import Maker, Template
from netprobe.manifests.metadata import Metadata, decode_metadata

Decoded = tuple[int | None, Template, int]
"""Replicas, template, and the number of the first pod."""


def decode_maker(top: Cursor, default_namespace: str, *, kind: str) -> Maker | None:
    """Read a controller of ``kind``, one of ``kinds.CONTROLLERS``."""
    metadata = decode_metadata(top)
    spec = top.mapping("spec", required=True)
    if metadata is None or spec is None:
        return None
    replicas, template, first = _READERS[kind](spec, metadata)
    about = top.mapping("metadata")
    return Maker(
        kind=kind,
        namespace=metadata.namespace or default_namespace,
        name=metadata.name,
        replicas=replicas,
        template=template,
        owner=decode_owner(about) if about is not None else None,
        first=first,
        place=top.place,
    )


def _replicated(spec: Cursor, _: Metadata) -> Decoded:
    replicas = _count(spec, "replicas")
    return replicas, _selected(spec), 0


def _stateful(spec: Cursor, _: Metadata) -> Decoded:
    ordinals = spec.mapping("ordinals")
    first = _count(ordinals, "start", absent=0) if ordinals is not None else 0
    return _count(spec, "replicas"), _selected(spec), first


def _daemon(spec: Cursor, _: Metadata) -> Decoded:
    return None, _selected(spec), 0


def _replication_controller(spec: Cursor, _: Metadata) -> Decoded:
    template = decode_template(spec)
    selector = spec.string_map("selector")
    _compare(spec, selector or {}, template)
    return _count(spec, "replicas"), template, 0


def _job(spec: Cursor, metadata: Metadata) -> Decoded:
    """The API server adds the job's name to the labels of its pods (Job concept page, "Job labels")."""
    template = decode_template(spec)
    labels = {"job-name": metadata.name, "batch.kubernetes.io/job-name": metadata.name}
    named = Template(
        labels={**labels, **template.labels},
        ports=template.ports,
        host_network=template.host_network,
        node=template.node,
    )
    return _count(spec, "parallelism"), named, 0


def _cron_job(spec: Cursor, _: Metadata) -> Decoded:
    job = spec.mapping("jobTemplate", required=True)
    inner = job.mapping("spec", required=True) if job is not None else None
    if inner is None:
        return 1, Template(), 0
    return _count(inner, "parallelism"), decode_template(inner), 0


_READERS: Mapping[str, Callable[[Cursor, Metadata], Decoded]] = {
    "Deployment": _replicated,
    "ReplicaSet": _replicated,
    "StatefulSet": _stateful,
    "DaemonSet": _daemon,
    "ReplicationController": _replication_controller,
    "Job": _job,
    "CronJob": _cron_job,
}


def _count(holder: Cursor, key: str, *, absent: int = 1) -> int:
    number = holder.number(key)
    if number is not None and number < 0:
        holder.complain(f"{number} must not be negative", key=key)
    return absent if number is None else number


def _selected(spec: Cursor) -> Template:
    """Read the template, and check that the selector of the controller selects its pods."""
    template = decode_template(spec)
    selector = spec.mapping("selector", required=True)
    if selector is not None:
        if not any(selector.value.values()):
            spec.complain("must not be empty", key="selector")
        _compare(selector, selector.string_map("matchLabels") or {}, template, key="matchLabels")
    return template


def _compare(holder: Cursor, wanted: Mapping[str, str], template: Template, key: str = "selector") -> None:
    for name, value in wanted.items():
        if template.labels.get(name) != value:
            holder.complain(f"{name}={value} is not among the labels of the pod template", key=key)
