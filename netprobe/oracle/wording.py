"""Policies and rules in words."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.model.policy import (
    Direction,
    IPBlock,
    LabelSelector,
    NetworkPolicy,
    Operator,
    Peer,
    PolicyPort,
    Requirement,
    Rule,
)
from netprobe.oracle.isolation import rules_of


def policy_text(policy: NetworkPolicy, direction: Direction) -> str:
    """Say what a policy admits: ``ingress from pods with tier=api on TCP 5432``, ``no egress at all``."""
    word = direction.lower()
    rules = rules_of(policy, direction)
    if not rules:
        return f"no {word} at all"
    way = "from" if direction is Direction.INGRESS else "to"
    return f"{word} " + ", or ".join(f"{way} {rule_text(rule, policy.namespace)}" for rule in rules)


def only_text(policy: NetworkPolicy, direction: Direction) -> str:
    """Say what a policy that isolates a pod admits, as the end of a sentence about the policy."""
    word = direction.lower()
    rules = rules_of(policy, direction)
    if not rules:
        return f"it admits no {word} at all"
    if len(rules) == 1:
        return f"its {word} rule 1 admits only {rule_text(rules[0], policy.namespace)}"
    texts = (f"{rule_text(rule, policy.namespace)} (rule {n})" for n, rule in enumerate(rules, 1))
    return f"its {word} rules admit only " + ", or ".join(texts)


def rule_text(rule: Rule, home: str) -> str:
    """Say whom a rule admits and on what: ``pods with tier=api on TCP 5432``."""
    peers = [peer_text(peer, home) for peer in rule.peers or ()]
    return f"{' or '.join(peers) or 'anyone'} on {ports_text(rule)}"


def ports_text(rule: Rule) -> str:
    """Say on which ports a rule admits: ``TCP 80 or UDP 53``, ``every port``."""
    return " or ".join(_port_text(entry) for entry in rule.ports or ()) or "every port"


def _port_text(entry: PolicyPort) -> str:
    if entry.port is None:
        return f"every {entry.protocol} port"
    if isinstance(entry.port, str):
        return f'{entry.protocol} port "{entry.port}"'
    last = "" if entry.end_port in (None, entry.port) else f"-{entry.end_port}"
    return f"{entry.protocol} {entry.port}{last}"


def peer_text(peer: Peer, home: str) -> str:
    """Say whom a peer means; ``home`` is the policy's namespace."""
    if peer.ip_block is not None:
        return block_text(peer.ip_block)
    pods = labels_text(peer.pod_selector) if peer.pod_selector else ""
    who = f"pods with {pods}" if pods else "every pod"
    if peer.namespace_selector is None:
        return who if pods else f"{who} of namespace {home}"
    namespaces = labels_text(peer.namespace_selector)
    return f"{who} in namespaces with {namespaces}" if namespaces else f"{who} in any namespace"


def block_text(block: IPBlock) -> str:
    """Say which addresses a block holds."""
    holes = f" except {', '.join(block.excluded)}" if block.excluded else ""
    return f"addresses in {block.cidr}{holes}"


def labels_text(selector: LabelSelector) -> str:
    """Say what a selector asks of the labels, "" when nothing."""
    labels = (f"{key}={value}" for key, value in selector.match_labels.items())
    return _and((*labels, *map(requirement_text, selector.match_expressions)))


def requirement_text(requirement: Requirement) -> str:
    """Say what a requirement asks of the labels: ``tier=api``, ``tier in (a, b)``, ``no label tier``."""
    key, values = requirement.key, ", ".join(requirement.values)
    match requirement.operator:
        case Operator.IN if len(requirement.values) == 1:
            return f"{key}={values}"
        case Operator.IN:
            return f"{key} in ({values})"
        case Operator.NOT_IN:
            return f"{key} not in ({values})"
        case Operator.EXISTS:
            return f"a label {key}"
        case Operator.DOES_NOT_EXIST:
            return f"no label {key}"


def _and(parts: Iterable[str]) -> str:
    return " and ".join(parts)
