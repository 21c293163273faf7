"""Where the three kinds of cluster-wide policies differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netprobe.manifests.cursor import Cursor
from netprobe.model.admin_policy import Action, Tier


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """The words and limits of one kind.

    ``tier`` None: the object says it itself. ``most_rules`` of a direction, ``most_items`` of the peers
    and ports of a rule. ``egress_peers`` are the fields that only an egress peer may have.
    """

    tier: Tier | None
    has_priority: bool
    actions: Mapping[str, Action]
    most_rules: int
    most_items: int
    ports_key: str
    egress_peers: tuple[str, ...]
    namespaces_required: bool


_ALLOW = {"Allow": Action.ALLOW, "Deny": Action.DENY}

DIALECTS: Mapping[str, Dialect] = {
    "AdminNetworkPolicy": Dialect(
        tier=Tier.ADMIN,
        has_priority=True,
        actions={**_ALLOW, "Pass": Action.PASS},
        most_rules=100,
        most_items=100,
        ports_key="ports",
        egress_peers=("nodes", "networks", "domainNames"),
        namespaces_required=True,
    ),
    "BaselineAdminNetworkPolicy": Dialect(
        tier=Tier.BASELINE,
        has_priority=False,
        actions=_ALLOW,
        most_rules=100,
        most_items=100,
        ports_key="ports",
        egress_peers=("nodes", "networks"),
        namespaces_required=True,
    ),
    "ClusterNetworkPolicy": Dialect(
        tier=None,
        has_priority=True,
        actions={"Accept": Action.ALLOW, "Deny": Action.DENY, "Pass": Action.PASS},
        most_rules=25,
        most_items=25,
        ports_key="protocols",
        egress_peers=("nodes", "networks", "domainNames"),
        namespaces_required=False,
    ),
}


def limit(holder: Cursor, key: str, items: tuple[Cursor, ...] | None, most: int, *, least: int = 0) -> None:
    """Write down a list that is too long, or given and too short."""
    if items is None or not holder.strict:
        return
    if len(items) > most:
        holder.complain(f"has {len(items)} entries; at most {most} are allowed", key=key)
    elif len(items) < least:
        holder.complain("must not be empty; leave it out, or name something", key=key)


def only_field(item: Cursor, known: tuple[str, ...]) -> str:
    """Return the one of the ``known`` fields that is set; "", with a problem, unless exactly one is.

    What a cluster holds with none of them set says something newer: then "" without a problem.
    """
    item.keys(known)
    fields = [name for name in known if item.value.get(name) is not None]
    if len(fields) == 1:
        return fields[0]
    if not fields and not item.strict:
        return ""
    choice = ", ".join(known[:-1]) + f" or {known[-1]}"
    found = f"not both {' and '.join(fields)}" if fields else "and none is given"
    item.complain(f"must have exactly one of {choice}, {found}")
    return ""
