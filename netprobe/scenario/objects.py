"""The objects that a scenario deploys before its first step: Namespaces, workloads and Services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from netprobe.manifests.cursor import Cursor, cursor, did_you_mean
from netprobe.manifests.document import Document
from netprobe.manifests.metadata import decode_metadata, decode_type
from netprobe.manifests.names import wrong_dns_label
from netprobe.manifests.service import decode_service
from netprobe.manifests.workload import API_VERSIONS, decode_workload
from netprobe.model.place import Place, Problem
from netprobe.model.scenario import Manifest, ScenarioService, Workload

_KINDS = ("Namespace", *API_VERSIONS, "Service")
_KUBERNETES_OWN = "kube-"


@dataclass(slots=True)
class Stage:
    """What the manifests of ``workloads:`` and the grid amount to, filled document by document.

    ``sound`` false: some could not be read, so a name that is missing here may be declared there.
    """

    namespaces: list[str] = field(default_factory=list)
    manifests: list[Manifest] = field(default_factory=list)
    workloads: list[Workload] = field(default_factory=list)
    services: list[ScenarioService] = field(default_factory=list)
    sound: bool = True


def read_stage(documents: Iterable[Document], problems: list[Problem]) -> Stage:
    """Decode the documents and check them against each other; what is wrong goes to ``problems``."""
    stage = Stage()
    before = len(problems)
    documents = tuple(documents)
    for document in documents:
        _read(document, stage, problems)
    stage.sound = len(problems) == before
    _check_unique(stage.manifests, problems)
    for document in documents:
        if kind_of(document) in {*API_VERSIONS, "Service"}:
            check_namespace(document, stage, problems)
    _check_workload_names(stage.workloads, problems)
    return stage


def _read(document: Document, stage: Stage, problems: list[Problem]) -> None:
    kind = kind_of(document)
    if kind == "Namespace":
        _namespace(document, stage, problems)
    elif kind == "Service":
        service = decode_service(document, problems)
        if service is not None:
            stage.services.append(service)
    elif kind in API_VERSIONS:
        workload = decode_workload(document, problems)
        if workload is not None:
            _check_workload(workload, document, problems)
            stage.workloads.append(workload)
    else:
        _unsupported(cursor(document, problems))
        return
    stage.manifests.append(Manifest(body=document.body, place=document.place))


def _namespace(document: Document, stage: Stage, problems: list[Problem]) -> None:
    top = cursor(document, problems)
    if not decode_type(top, "v1", "Namespace"):
        return
    metadata = decode_metadata(top)
    if metadata is None:
        return
    place = document.places.of(("metadata", "name"))
    if metadata.name.startswith(_KUBERNETES_OWN):
        problems.append(
            Problem(
                place=place,
                message=f"{metadata.name} belongs to Kubernetes; a scenario cannot declare it",
                hint="selectors may name it without a declaration",
            )
        )
    elif wrong := wrong_dns_label(metadata.name):
        problems.append(Problem(place=place, message=f"metadata.name: {wrong}"))
    stage.namespaces.append(metadata.name)


def _unsupported(top: Cursor) -> None:
    kind = top.text("kind", required=True)
    if kind is None:
        return
    if kind == "NetworkPolicy":
        hint = "apply it in a step: the baseline is measured with nothing applied"
        top.complain("a NetworkPolicy cannot stand among the workloads", key="kind", hint=hint)
        return
    top.complain(
        f"netprobe does not deploy a {kind}, only {', '.join(_KINDS)}",
        key="kind",
        hint=did_you_mean(kind, _KINDS),
    )


def _check_workload(workload: Workload, document: Document, problems: list[Problem]) -> None:
    if workload.host_network:
        path = ("spec",) if workload.kind == "Pod" else ("spec", "template", "spec")
        problems.append(
            Problem(
                place=document.places.of((*path, "hostNetwork")),
                message="hostNetwork would expose the node, and no policy says what holds for such a pod",
                hint="leave it out",
            )
        )


def check_namespace(document: Document, stage: Stage, problems: list[Problem]) -> None:
    """Write it down unless the object says a namespace that the scenario declares."""
    metadata = document.body.get("metadata")
    if not isinstance(metadata, dict):
        return
    namespace = metadata.get("namespace")
    if not isinstance(namespace, str | None):
        return  # told by the decoder
    if namespace in stage.namespaces or (namespace is not None and not stage.sound):
        return
    if namespace is None:
        message, hint = "metadata.namespace is missing", "a scenario says where each object belongs"
    else:
        message = f'metadata.namespace: the scenario declares no namespace "{namespace}"'
        hint = did_you_mean(namespace, stage.namespaces) or "add a Namespace object to workloads"
    problems.append(Problem(place=document.places.of(("metadata", "namespace")), message=message, hint=hint))


def _check_unique(manifests: Iterable[Manifest], problems: list[Problem]) -> None:
    first: dict[tuple[str, str, str], Place] = {}
    for manifest in manifests:
        key = (manifest.kind, manifest.namespace, manifest.name)
        if key in first:
            problems.append(
                Problem(
                    place=manifest.place,
                    message=f"{described(manifest)} is here a second time",
                    hint=f"the first one is at {first[key]}",
                )
            )
        first.setdefault(key, manifest.place)


def _check_workload_names(workloads: Iterable[Workload], problems: list[Problem]) -> None:
    """Two workloads of different kinds need different names, since flows name namespace and workload."""
    kinds: dict[tuple[str, str], str] = {}
    for workload in workloads:
        kind = kinds.setdefault((workload.namespace, workload.name), workload.kind)
        if kind != workload.kind and workload.place is not None:
            name = f"{workload.namespace}/{workload.name}"
            problems.append(
                Problem(
                    place=workload.place,
                    message=f"{workload.kind} {name} has the name of a {kind}",
                    hint="flows name workloads by namespace and name alone",
                )
            )


def kind_of(document: Document) -> str:
    """The kind that a document says, "" when it says none or something else than a word."""
    kind = document.body.get("kind")
    return kind if isinstance(kind, str) else ""


def described(manifest: Manifest) -> str:
    """An object as ``Kind namespace/name``."""
    return (
        f"{manifest.kind} {manifest.namespace}/{manifest.name}"
        if manifest.namespace
        else f"{manifest.kind} {manifest.name}"
    )
