"""Cluster-wide policies: priorities, order, subjects."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.lint.admin_cover import shadows
from netprobe.lint.admin_subjects import is_subject
from netprobe.lint.found import Found, entry
from netprobe.lint.scene import Scene
from netprobe.lint.sites import NOWHERE
from netprobe.lint.wording import pods_text
from netprobe.lint.yaml_text import to_yaml
from netprobe.model.admin_policy import AdminPolicy, AdminRule
from netprobe.model.inventory import ObjectKey
from netprobe.model.lint import Fix, Related, Severity
from netprobe.model.place import Place
from netprobe.model.topology import Pod


def same_priority(scene: Scene) -> Iterator[Found]:
    """Two policies of one tier with one priority that are about the same pods.

    Reference: AdminNetworkPolicySpec, priority: of two policies with the same one "the implementation can
    apply any of the matching policies to the connection, and there is no way for the user to reliably
    determine which one it will choose."
    """
    policies = scene.inventory.admin_policies
    for number, policy in enumerate(policies):
        for other in policies[:number]:
            if (other.tier, other.priority) != (policy.tier, policy.priority):
                continue
            both = [pod for pod in _subjects(scene, policy) if pod in _subjects(scene, other)]
            if not both and scene.pods:
                continue
            about = f", both about {pods_text(both)}" if both else ""
            free = _free_priority(policies, policy)
            yield Found(
                object=_key(policy),
                place=_place(policy),
                path="spec.priority",
                message=f"{policy.name} has the same priority as {other.name} ({policy.priority}){about}",
                fix=Fix(
                    advice="give each its own priority; the lower one is asked first",
                    yaml=to_yaml({"priority": free}),
                ),
                related=(Related(place=_place(other), message=f"{other.name} is here"),),
            )


def shadowed_rule(scene: Scene) -> Iterator[Found]:
    """A rule after one that takes all its traffic.

    Reference: AdminNetworkPolicySpec, ingress: "The relative precedence of the rules within a single ANP
    object (all of which share the priority) will be determined by the order in which the rule is written."
    """
    for policy in scene.inventory.admin_policies:
        for direction, rules in (("ingress", policy.ingress), ("egress", policy.egress)):
            for number, rule in enumerate(rules):
                first = next((n for n in range(number) if shadows(rules[n], rule)), None)
                if first is not None:
                    yield _shadowed(policy, direction, number, rule, first, rules[first])


def subject_of_nothing(scene: Scene) -> Iterator[Found]:
    """A policy whose subject selects no pod.

    Reference: AdminNetworkPolicySpec, subject: it "defines the pods to which this AdminNetworkPolicy
    applies".
    """
    for policy in scene.inventory.admin_policies:
        if scene.pods and not _subjects(scene, policy):
            yield Found(
                object=_key(policy),
                place=_place(policy),
                path="spec.subject",
                message=f"the subject of {policy.name} selects no pod of the input",
                fix=Fix(advice="select namespaces and pods by labels that they have"),
            )


def _shadowed(
    policy: AdminPolicy, direction: str, number: int, rule: AdminRule, first: int, earlier: AdminRule
) -> Found:
    name = f' ("{rule.name}")' if rule.name else ""
    return Found(
        object=_key(policy),
        place=rule.place or _place(policy),
        path=f"spec.{direction}[{number}]",
        message=(
            f"{direction} rule {number + 1}{name} ({rule.action}) never counts: rule "
            f"{first + 1} ({earlier.action}) "
            "takes all its traffic before"
        ),
        fix=Fix(advice=f"put the narrower rule before rule {first + 1}, or leave it out"),
        related=(Related(place=earlier.place or _place(policy), message=f"rule {first + 1} is here"),),
    )


def _subjects(scene: Scene, policy: AdminPolicy) -> list[Pod]:
    return [pod for pod in scene.pods if is_subject(scene, policy, pod)]


def _free_priority(policies: tuple[AdminPolicy, ...], policy: AdminPolicy) -> int:
    """A priority next to that of the policy which no other has."""
    taken = {other.priority for other in policies if other.tier is policy.tier}
    free = (number for number in range(1001) if number not in taken)
    return min(free, key=lambda number: (abs(number - policy.priority), -number), default=policy.priority)


def _key(policy: AdminPolicy) -> ObjectKey:
    return (policy.kind, "", policy.name)


def _place(policy: AdminPolicy) -> Place:
    return policy.place or NOWHERE


RULES = (
    entry(
        same_priority,
        "admin-same-priority",
        Severity.WARNING,
        "Cluster-wide policies of one priority",
        "Of two policies with one priority a network may ask either first, and what it does may change "
        "from one day to the next.",
    ),
    entry(
        shadowed_rule,
        "admin-rule-shadowed",
        Severity.WARNING,
        "A cluster-wide rule that never counts",
        "The first rule that matches decides; a rule after a wider one is never asked.",
    ),
    entry(
        subject_of_nothing,
        "admin-subject-nothing",
        Severity.WARNING,
        "A cluster-wide policy about no pod",
        "A policy whose subject selects nothing has no effect, however strict it reads.",
    ),
)
