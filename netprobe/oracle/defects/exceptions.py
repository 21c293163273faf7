"""Networks that turn the exceptions of ipBlocks into denials."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.admin_policy import Action, AdminPeer, AdminPolicy, AdminPort, AdminRule, PodsIn, Tier
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Rule
from netprobe.oracle.isolation import rules_of

_NAME = "kubernetes.io/metadata.name"


def denied_first(policy: NetworkPolicy) -> Iterator[AdminPolicy]:
    """Each ``except`` becomes a denial that no other rule can lift."""
    ingress = tuple(_denials(policy, Direction.INGRESS))
    egress = tuple(_denials(policy, Direction.EGRESS))
    if ingress or egress:
        home = LabelSelector(match_labels={_NAME: policy.namespace})
        yield AdminPolicy(
            kind="NetworkPolicy",
            name=f"{policy.namespace}/{policy.name}, except as a denial",
            tier=Tier.ADMIN,
            priority=0,
            subject=PodsIn(namespaces=home, pods=policy.pod_selector),
            ingress=ingress,
            egress=egress,
        )


def _denials(policy: NetworkPolicy, direction: Direction) -> Iterator[AdminRule]:
    if direction not in policy.policy_types:
        return
    for rule in rules_of(policy, direction):
        holes = tuple(
            hole for peer in rule.peers or () if peer.ip_block is not None for hole in peer.ip_block.excluded
        )
        if holes:
            yield AdminRule(action=Action.DENY, peers=(AdminPeer(networks=holes),), ports=_ports(rule))


def _ports(rule: Rule) -> tuple[AdminPort, ...] | None:
    if not rule.ports:
        return None
    return tuple(
        AdminPort(protocol=port.protocol, port=port.port, end_port=port.end_port) for port in rule.ports
    )
