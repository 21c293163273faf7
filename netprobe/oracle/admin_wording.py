"""Cluster-wide policies in words."""

from __future__ import annotations

from netprobe.model.admin_policy import AdminPeer, AdminPort, AdminRule
from netprobe.model.policy import Direction, LabelSelector
from netprobe.oracle.admin_match import as_peer
from netprobe.oracle.wording import labels_text, peer_text


def admin_rule_text(rule: AdminRule, direction: Direction) -> str:
    """Say what traffic a rule is about: ``traffic from every pod in namespaces with a=b on TCP 80``."""
    way = "from" if direction is Direction.INGRESS else "to"
    peers = " or ".join(_peer_text(peer) for peer in rule.peers)
    return f"traffic {way} {peers} on {_ports_text(rule)}"


def _peer_text(peer: AdminPeer) -> str:
    if peer.pods is not None:
        return peer_text(as_peer(peer.pods), "")
    if peer.nodes is not None:
        return _nodes_text(peer.nodes)
    if peer.networks is not None:
        return f"addresses in {', '.join(peer.networks)}"
    if peer.domain_names is not None:
        return f"the hosts {', '.join(peer.domain_names)}"
    return "peers of a kind that this netprobe does not know"


def _nodes_text(nodes: LabelSelector) -> str:
    labels = labels_text(nodes)
    return f"nodes with {labels}" if labels else "every node"


def _ports_text(rule: AdminRule) -> str:
    return "every port" if rule.ports is None else " or ".join(_port_text(entry) for entry in rule.ports)


def _port_text(entry: AdminPort) -> str:
    protocol = f"{entry.protocol} " if entry.protocol else ""
    if entry.port is None:
        return f"every {protocol}port"
    if isinstance(entry.port, str):
        return f'{protocol}port "{entry.port}"'
    last = "" if entry.end_port in (None, entry.port) else f"-{entry.end_port}"
    return f"{protocol}{entry.port}{last}"
