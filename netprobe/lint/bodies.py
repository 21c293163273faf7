"""Policies and their pieces as plain data, the way back from the model."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.lint.yaml_text import Plain
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Peer, PolicyPort, Rule

Body = dict[str, Plain]

NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that the API server gives to every namespace: its name."""


def policy_body(policy: NetworkPolicy) -> Body:
    """Return a whole NetworkPolicy; policyTypes are always written."""
    spec: Body = {"podSelector": selector_body(policy.pod_selector), "policyTypes": types(policy)}
    if policy.ingress is not None:
        spec["ingress"] = [rule_body(rule, Direction.INGRESS) for rule in policy.ingress]
    if policy.egress is not None:
        spec["egress"] = [rule_body(rule, Direction.EGRESS) for rule in policy.egress]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": policy.name, "namespace": policy.namespace},
        "spec": spec,
    }


def types(policy: NetworkPolicy) -> list[Plain]:
    """Return policyTypes in the API's order."""
    return [direction.value for direction in Direction if direction in policy.policy_types]


def rule_body(rule: Rule, direction: Direction) -> Body:
    """Return a rule."""
    body: Body = {}
    if rule.peers is not None:
        key = "from" if direction is Direction.INGRESS else "to"
        body[key] = [peer_body(peer) for peer in rule.peers]
    if rule.ports is not None:
        body["ports"] = [port_body(port) for port in rule.ports]
    return body


def peer_body(peer: Peer) -> Body:
    """Return an entry of ``from`` or ``to``."""
    body: Body = {}
    if peer.namespace_selector is not None:
        body["namespaceSelector"] = selector_body(peer.namespace_selector)
    if peer.pod_selector is not None:
        body["podSelector"] = selector_body(peer.pod_selector)
    if peer.ip_block is not None:
        block: Body = {"cidr": peer.ip_block.cidr}
        if peer.ip_block.excluded:
            block["except"] = list(peer.ip_block.excluded)
        body["ipBlock"] = block
    return body


def port_body(port: PolicyPort) -> Body:
    """Return an entry of ``ports``."""
    body: Body = {"protocol": port.protocol.value}
    if port.port is not None:
        body["port"] = port.port
    if port.end_port is not None:
        body["endPort"] = port.end_port
    return body


def selector_body(selector: LabelSelector) -> Body:
    """Return a label selector."""
    body: Body = {}
    if selector.match_labels:
        body["matchLabels"] = dict(selector.match_labels)
    if selector.match_expressions:
        body["matchExpressions"] = [
            {"key": each.key, "operator": each.operator.value}
            | ({"values": list(each.values)} if each.values else {})
            for each in selector.match_expressions
        ]
    return body


def by_name(namespace: str) -> LabelSelector:
    """Return the selector of one namespace, by the label that every namespace has."""
    return LabelSelector(match_labels={NAME_LABEL: namespace})


def by_labels(labels: Mapping[str, str]) -> LabelSelector:
    """Return the selector of these labels."""
    return LabelSelector(match_labels=labels)
