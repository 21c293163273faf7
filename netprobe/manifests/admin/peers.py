"""Subjects and peers of cluster-wide policies."""

from __future__ import annotations

import re

from netprobe.manifests.admin.dialect import Dialect, limit, only_field
from netprobe.manifests.cidr import parse_cidr
from netprobe.manifests.cursor import Cursor
from netprobe.manifests.selector import decode_selector
from netprobe.model.admin_policy import Action, AdminPeer, PodsIn
from netprobe.model.policy import Direction, LabelSelector

_PODS = ("namespaces", "pods")
_MOST_NAMES = 25
_LONGEST_CIDR = 43

# The pattern of the CRD, whose "A-z" also takes the six signs between "Z" and "a".
_DOMAIN = re.compile(
    r"(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?"
)


def decode_subject(spec: Cursor, dialect: Dialect) -> PodsIn | None:
    """Read ``subject``; None, with problems, when it selects nothing that can be known."""
    subject = spec.mapping("subject", required=True)
    if subject is None:
        return None
    field = only_field(subject, _PODS)
    if not field and not subject.strict:
        subject.complain("selects by something that netprobe does not know")
    return _pods(subject, field, dialect)


def decode_admin_peer(
    item: Cursor, direction: Direction, action: Action | None, dialect: Dialect
) -> AdminPeer:
    """Read one entry of ``from`` or ``to``.

    In an object that a cluster holds, one without a known field stays empty, and so fails closed.
    """
    if not item.is_mapping():
        return AdminPeer(place=item.place)
    known = (*_PODS, *dialect.egress_peers) if direction is Direction.EGRESS else _PODS
    field = only_field(item, known)
    if field == "domainNames" and action not in (Action.ALLOW, None):
        allowing = next(word for word, meaning in dialect.actions.items() if meaning is Action.ALLOW)
        item.complain(f"is only for {allowing} rules", key=field)
    return AdminPeer(
        pods=_pods(item, field, dialect),
        nodes=decode_selector(item, field) if field == "nodes" else None,
        networks=_networks(item) if field == "networks" else None,
        domain_names=_domain_names(item) if field == "domainNames" else None,
        place=item.place,
    )


def _pods(holder: Cursor, field: str, dialect: Dialect) -> PodsIn | None:
    if field == "namespaces":
        namespaces = decode_selector(holder, field)
        return None if namespaces is None else PodsIn(namespaces=namespaces)
    pods = holder.mapping("pods") if field == "pods" else None
    if pods is None:
        return None
    pods.keys(("namespaceSelector", "podSelector"))
    if dialect.namespaces_required:
        pods.mapping("namespaceSelector", required=True)
    pods.mapping("podSelector", required=True)
    return PodsIn(
        # Absent (v1alpha2) is the empty selector, which selects every namespace.
        namespaces=decode_selector(pods, "namespaceSelector") or LabelSelector(),
        pods=decode_selector(pods, "podSelector") or LabelSelector(),
    )


def _networks(peer: Cursor) -> tuple[str, ...]:
    items = peer.items("networks")
    limit(peer, "networks", items, _MOST_NAMES, least=1)
    _each_once(items)
    for item in items or ():
        if isinstance(item.value, str) and (
            len(item.value) > _LONGEST_CIDR or parse_cidr(item.value) is None
        ):
            item.complain(f'"{item.value}" is not a CIDR such as 10.0.0.0/8 or fd00::/8')
    return peer.strings("networks") or ()


def _domain_names(peer: Cursor) -> tuple[str, ...]:
    items = peer.items("domainNames")
    limit(peer, "domainNames", items, _MOST_NAMES, least=1)
    _each_once(items)
    for item in items or ():
        if isinstance(item.value, str) and not _DOMAIN.fullmatch(item.value):
            item.complain(f'"{item.value}" is not a domain name such as example.com or *.example.com')
    return peer.strings("domainNames") or ()


def _each_once(items: tuple[Cursor, ...] | None) -> None:
    seen: list[object] = []
    for item in items or ():
        if item.value in seen and item.strict:
            item.complain("is given twice")
        seen.append(item.value)
