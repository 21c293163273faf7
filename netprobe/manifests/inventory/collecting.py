"""All objects of an input, read one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from netprobe.errors import InputError
from netprobe.manifests.admin import read_admin_policy
from netprobe.manifests.cursor import Cursor, cursor
from netprobe.manifests.document import Document
from netprobe.manifests.inventory.controllers import decode_maker
from netprobe.manifests.inventory.nodes import decode_namespace, decode_node
from netprobe.manifests.inventory.pods import decode_pod
from netprobe.manifests.inventory.services import decode_service, decode_slice
from netprobe.manifests.kinds import ADMIN_POLICIES, API_VERSIONS, CLUSTER_SCOPED, CONTROLLERS
from netprobe.manifests.metadata import decode_type
from netprobe.manifests.policy import read_policy
from netprobe.model.inventory import ObjectKey, Remark, RemarkCode
from netprobe.model.place import Place, Problem

LINT_IGNORE = "netprobe.io/lint-ignore"
"""The annotation that names rules of the lint, with commas between them, which are not to be told."""

WITHOUT_KIND = "documents without kind"
"""What stands in ``ignored`` for documents that are no Kubernetes objects."""

_DECODERS: Mapping[str, Callable[[Cursor, str], Any]] = {
    **{kind: partial(decode_maker, kind=kind) for kind in CONTROLLERS},
    "Namespace": decode_namespace,
    "Node": decode_node,
    "Pod": decode_pod,
    "Service": decode_service,
    "EndpointSlice": decode_slice,
    "NetworkPolicy": read_policy,
    **dict.fromkeys(ADMIN_POLICIES, lambda top, _: read_admin_policy(top)),
}

_POLICIES = ("NetworkPolicy", *ADMIN_POLICIES)

# A kind of another group that has the same name (a Knative Service) is another kind; but a
# NetworkPolicy of extensions/v1beta1 is one that no server takes any more.
_GROUPS = frozenset(version.rpartition("/")[0] for version in API_VERSIONS.values()) | {"extensions"}


@dataclass(kw_only=True, slots=True)
class Collection:
    """What was read so far: records by kind, namespace and name, and what was left out.

    With ``strict`` false (objects of a cluster) nothing is refused but a policy that says what netprobe
    cannot understand: ``add`` raises InputError then.
    """

    default_namespace: str
    problems: list[Problem]
    strict: bool = True
    records: dict[ObjectKey, Any] = field(default_factory=dict)
    places: dict[ObjectKey, Place] = field(default_factory=dict)
    ignored: Counter[str] = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)
    lint_ignores: dict[ObjectKey, frozenset[str]] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Read one object; what is wrong with it is written down, and then it is left out."""
        foreign = _foreign(document.body.get("kind"), document.body.get("apiVersion"))
        if foreign:
            self.ignored[foreign] += 1
            return
        problems: list[Problem] = []
        document = _named(document)
        kind = str(document.body.get("kind"))
        top = cursor(document, problems, strict=self.strict, remarks=self.remarks)
        known = top.text("kind", required=True) and decode_type(top, API_VERSIONS[kind], kind)
        record = _DECODERS[kind](top, self.default_namespace) if known else None
        if self.strict:
            self.problems.extend(problems)
        elif record is None and kind in _POLICIES:
            raise InputError(f"this {kind} cannot be understood: {problems[0]}", problems=problems)
        if record is not None and not (self.strict and problems):
            key = self._key(kind, document)
            self._keep(key, record, top.place)
            self._remember_ignores(key, document.body["metadata"].get("annotations"))

    def of_kind(self, *kinds: str) -> Iterator[Any]:
        """Yield the records of these kinds, in the order of the input."""
        return (record for (kind, _, _), record in self.records.items() if kind in kinds)

    def _key(self, kind: str, document: Document) -> ObjectKey:
        metadata = document.body["metadata"]
        namespace = metadata.get("namespace") or self.default_namespace
        return kind, "" if kind in CLUSTER_SCOPED else namespace, metadata["name"]

    def _keep(self, key: ObjectKey, record: Any, place: Place) -> None:
        if key in self.records:
            kind, namespace, name = key
            title = f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
            message = f"{title} is declared in {self.places[key]} before; this one counts"
            problem = Problem(place=place, message=message, hint="")
            self.remarks.append(Remark(code=RemarkCode.DUPLICATE, problem=problem))
        self.records[key] = record
        self.places[key] = place

    def _remember_ignores(self, key: ObjectKey, annotations: object) -> None:
        """Keep the rules of the lint that the object silences."""
        self.lint_ignores.pop(key, None)
        written = annotations.get(LINT_IGNORE) if isinstance(annotations, dict) else None
        if isinstance(written, str):
            self.lint_ignores[key] = frozenset(word.strip() for word in written.split(",") if word.strip())


def _foreign(kind: object, version: object) -> str:
    """Return what to count an object under that decides nothing about flows, "" for one that may."""
    if not isinstance(kind, str):
        return WITHOUT_KIND if kind is None and version is None else ""
    if kind not in API_VERSIONS:
        return kind
    group = version.rpartition("/")[0] if isinstance(version, str) else ""
    return "" if group in _GROUPS else f"{kind}.{group}"


def _named(document: Document) -> Document:
    """Give an object that has only a generateName the name that this begins with."""
    metadata = document.body.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("name") is not None:
        return document
    start = metadata.get("generateName")
    if not isinstance(start, str) or not start.rstrip("-."):
        return document
    return replace(document, body={**document.body, "metadata": {**metadata, "name": start.rstrip("-.")}})
