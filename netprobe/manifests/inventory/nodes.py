"""Namespaces and nodes."""

from __future__ import annotations

from netprobe.manifests.cursor import Cursor
from netprobe.manifests.metadata import decode_metadata
from netprobe.manifests.names import wrong_dns_label
from netprobe.model.topology import Namespace, Node

NAME_LABEL = "kubernetes.io/metadata.name"

_ADDRESSES = ("InternalIP", "ExternalIP")


def decode_namespace(top: Cursor, _: str) -> Namespace | None:
    """Read a Namespace, with the label that every API server sets on it."""
    metadata = decode_metadata(top, wrong_dns_label)
    return None if metadata is None else namespace(metadata.name, **metadata.labels)


def namespace(name: str, **labels: str) -> Namespace:
    """Return the namespace with its name as a label (Labels reference, kubernetes.io/metadata.name)."""
    return Namespace(name=name, labels={**labels, NAME_LABEL: name})


def decode_node(top: Cursor, _: str) -> Node | None:
    """Read a Node: the internal address first, which is the one that pods are routed by."""
    metadata = decode_metadata(top)
    status = top.mapping("status")
    written = [
        (item.text("type"), item.text("address"))
        for item in (status.items("addresses") if status is not None else None) or ()
        if item.is_mapping()
    ]
    if metadata is None:
        return None
    addresses = tuple(
        address for kind in _ADDRESSES for found, address in written if found == kind and address
    )
    return Node(name=metadata.name, addresses=addresses, labels=metadata.labels)
