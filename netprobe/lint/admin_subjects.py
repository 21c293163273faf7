"""Whom cluster-wide policies are about."""

from __future__ import annotations

from netprobe.lint.scene import Scene
from netprobe.model.admin_policy import Action, AdminPolicy, AdminRule
from netprobe.model.policy import Direction, LabelSelector
from netprobe.model.topology import Pod
from netprobe.oracle.selectors import selects


def is_subject(scene: Scene, policy: AdminPolicy, pod: Pod) -> bool:
    """Whether the policy is about the pod.

    Reference, subject: "host-networked pods are not included in subject selection".
    """
    subject = policy.subject
    return (
        not pod.host_network
        and selects(subject.namespaces, scene.directory.labels(pod.namespace))
        and (subject.pods is None or selects(subject.pods, pod.labels))
    )


def rules_towards(policy: AdminPolicy, direction: Direction) -> tuple[AdminRule, ...]:
    """Return the rules of a direction."""
    return policy.ingress if direction is Direction.INGRESS else policy.egress


def denies_everybody(rule: AdminRule) -> bool:
    """Whether the rule denies all pods of all namespaces on every port."""
    everyone = LabelSelector()
    return (
        rule.action is Action.DENY
        and rule.ports is None
        and any(
            peer.pods is not None and peer.pods.namespaces == everyone and peer.pods.pods in (None, everyone)
            for peer in rule.peers
        )
    )
