"""Rules of cluster-wide policies."""

from __future__ import annotations

from netprobe.manifests.admin.dialect import Dialect, limit
from netprobe.manifests.admin.peers import decode_admin_peer
from netprobe.manifests.admin.ports import decode_admin_port
from netprobe.manifests.cursor import Cursor, did_you_mean
from netprobe.model.admin_policy import Action, AdminPeer, AdminPort, AdminRule
from netprobe.model.policy import Direction

_LONGEST_NAME = 100

Ports = tuple[AdminPort, ...]


def decode_admin_rules(spec: Cursor, direction: Direction, dialect: Dialect) -> tuple[AdminRule, ...]:
    """Read ``ingress`` or ``egress``, () when absent."""
    key = direction.lower()
    items = spec.items(key)
    limit(spec, key, items, dialect.most_rules)
    rules = (_rule(item, direction, dialect) for item in items or () if item.is_mapping())
    return tuple(rule for rule in rules if rule is not None)


def _rule(item: Cursor, direction: Direction, dialect: Dialect) -> AdminRule | None:
    peers_key = "from" if direction is Direction.INGRESS else "to"
    item.keys(("name", "action", peers_key, dialect.ports_key))
    name = item.text("name") or ""
    if len(name) > _LONGEST_NAME:
        item.complain(f"is longer than {_LONGEST_NAME} characters", key="name")
    action = _action(item, dialect)
    entries = item.items(peers_key, required=True)
    limit(item, peers_key, entries, dialect.most_items, least=1)
    peers = tuple(decode_admin_peer(entry, direction, action, dialect) for entry in entries or ())
    ports, is_newer = _ports(item, dialect)
    _check_names(item, peers, ports, dialect)
    if action is None:
        return None
    if is_newer:
        # The reference asks this for peers alone: an Accept rule matches nothing, another one denies all.
        peers, ports = (AdminPeer(),), None
    return AdminRule(action=action, peers=peers, ports=ports, name=name, place=item.place)


def _action(item: Cursor, dialect: Dialect) -> Action | None:
    text = item.text("action", required=True)
    if text is None or text in dialect.actions:
        return dialect.actions[text] if text else None
    known = ", ".join(dialect.actions)
    hint = did_you_mean(text, dialect.actions)
    item.complain(f'"{text}" is not an action here; use one of {known}', key="action", hint=hint)
    return None


def _ports(item: Cursor, dialect: Dialect) -> tuple[Ports | None, bool]:
    """Read the ports, and whether one of them says something newer than netprobe knows."""
    items = item.items(dialect.ports_key)
    limit(item, dialect.ports_key, items, dialect.most_items, least=1)
    if items is None:
        return None, False
    found = [decode_admin_port(entry, dialect.ports_key) for entry in items]
    return tuple(port for port in found if port is not None), None in found


def _check_names(item: Cursor, peers: tuple[AdminPeer, ...], ports: Ports | None, dialect: Dialect) -> None:
    """The CRD's rule: names are given by pods, so nodes, networks and domains have none."""
    outside = any(p.nodes is not None or p.networks is not None or p.domain_names is not None for p in peers)
    if outside and any(isinstance(port.port, str) for port in ports or ()):
        kinds = "/".join(dialect.egress_peers)
        item.complain(f"a named port cannot stand beside {kinds}, which name no ports", key=dialect.ports_key)
