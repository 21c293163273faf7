"""metadata and labels, shared by all kinds of objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netprobe.manifests.cursor import Cursor
from netprobe.manifests.names import (
    wrong_dns_label,
    wrong_dns_subdomain,
    wrong_label_key,
    wrong_label_value,
)

_KNOWN = (
    "name", "namespace", "labels", "annotations", "generateName", "finalizers", "ownerReferences",
    "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
    "deletionGracePeriodSeconds", "managedFields", "selfLink",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """Name, namespace ("" when absent) and labels of an object."""

    name: str
    namespace: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


def decode_type(top: Cursor, api_version: str, *kinds: str) -> bool:
    """Write down a problem unless the object is of ``api_version`` and one of ``kinds``."""
    kind = top.text("kind", required=True)
    version = top.text("apiVersion", required=True)
    if kind is not None and kind not in kinds:
        top.complain(f"must be {' or '.join(kinds)}, not {kind}", key="kind")
        return False
    if version is not None and version != api_version:
        top.complain(f"a {kind} must have {api_version}, not {version}", key="apiVersion")
        return False
    return kind is not None and version is not None


def decode_metadata(top: Cursor, wrong_name: Callable[[str], str] = wrong_dns_subdomain) -> Metadata | None:
    """Read ``metadata``; None, with problems, when the object has no usable name.

    ``wrong_name`` says what is wrong with a name, "" when nothing is (see ``names``).
    """
    metadata = top.mapping("metadata", required=True)
    if metadata is None:
        return None
    metadata.keys(_KNOWN)
    name = metadata.text("name", required=True)
    if name is not None and (wrong := wrong_name(name)):
        metadata.complain(wrong, key="name")
    namespace = metadata.text("namespace")
    if namespace and (wrong := wrong_dns_label(namespace)):
        metadata.complain(wrong, key="namespace")
    labels = decode_labels(metadata, "labels")
    if name is None:
        return None
    return Metadata(name=name, namespace=namespace or "", labels=labels)


def decode_labels(holder: Cursor, key: str) -> Mapping[str, str]:
    """Read the labels under ``key`` ({} when absent), checking the syntax of keys and values."""
    labels = holder.string_map(key) or {}
    for name, value in labels.items():
        if wrong := wrong_label_key(name) or wrong_label_value(value):
            found = holder.mapping(key)
            if found is not None:
                found.complain(wrong, key=name)
    return labels
