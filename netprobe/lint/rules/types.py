"""policyTypes that disagree with the rules, and lists that are empty."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.lint.bodies import types
from netprobe.lint.found import Found, entry
from netprobe.lint.scene import Scene
from netprobe.lint.sites import key_of, place_of
from netprobe.lint.yaml_text import list_yaml
from netprobe.model.lint import Fix, Severity
from netprobe.model.policy import Direction, NetworkPolicy
from netprobe.oracle.isolation import rules_of

_BOTH = list_yaml("policyTypes", [direction.value for direction in Direction])


def disabled_rules(scene: Scene) -> Iterator[Found]:
    """Rules of a direction that policyTypes does not name.

    Reference: NetworkPolicySpec, policyTypes: rules count only for the directions that it lists; only
    when the field is absent do they follow the rules.
    """
    for policy in scene.policies:
        for direction in Direction:
            rules = rules_of(policy, direction)
            if not rules or direction in policy.policy_types:
                continue
            word = direction.lower()
            yield Found(
                object=key_of(policy),
                place=rules[0].place or place_of(policy),
                path="spec.policyTypes",
                message=(
                    f"policyTypes is {_written(policy)}, so the {word} {_rules(len(rules))} without effect"
                ),
                fix=Fix(advice=f"name {direction} in policyTypes", yaml=_BOTH),
            )


def empty_without_type(scene: Scene) -> Iterator[Found]:
    """An empty list of rules in a direction that policyTypes does not name.

    Reference: NetworkPolicySpec, policyTypes: "if you want to write a policy that specifies that no
    egress is allowed, you must specify a policyTypes value that include "Egress"".
    """
    for policy in scene.policies:
        for direction, rules in ((Direction.INGRESS, policy.ingress), (Direction.EGRESS, policy.egress)):
            if rules == () and direction not in policy.policy_types:
                word = direction.lower()
                yield Found(
                    object=key_of(policy),
                    place=place_of(policy),
                    path=f"spec.{word}",
                    message=(
                        f'"{word}: []" isolates no pod for {word}, because policyTypes does not '
                        f"name {direction}"
                    ),
                    fix=Fix(
                        advice=f"name {direction} in policyTypes, or leave the empty list out",
                        yaml=_BOTH,
                    ),
                )


def empty_list(scene: Scene) -> Iterator[Found]:
    """A list of peers or ports that is there and empty.

    Reference: NetworkPolicyIngressRule, from: "If this field is empty or missing, this rule matches all
    sources"; ports: "this rule matches all ports". The same for egress and ``to``.
    """
    for site in scene.rules():
        for key, items, means in (
            (site.peers_key, site.rule.peers, "everybody"),
            ("ports", site.rule.ports, "every port"),
        ):
            if items == ():
                yield Found(
                    object=site.key,
                    place=site.place,
                    path=f"{site.path}.{key}",
                    message=f'"{key}: []" in {site.words} admits {means}, the same as without it',
                    fix=Fix(
                        advice=(
                            f"to admit nobody, leave out the whole rule; if {means} is meant, leave out {key}"
                        ),
                    ),
                )


def _written(policy: NetworkPolicy) -> str:
    return f"[{', '.join(str(each) for each in types(policy))}]"


def _rules(count: int) -> str:
    return "rule is" if count == 1 else f"rules (all {count}) are"


RULES = (
    entry(
        disabled_rules,
        "rules-without-type",
        Severity.ERROR,
        "Rules of a direction that policyTypes leaves out",
        "A direction that policyTypes does not name is not restricted by the policy at all, "
        "whatever its rules say.",
    ),
    entry(
        empty_without_type,
        "empty-without-type",
        Severity.WARNING,
        "An empty list of rules that isolates nobody",
        "An empty egress list alone does not make a policy about egress: nothing is denied, "
        "although it looks so.",
    ),
    entry(
        empty_list,
        "empty-list",
        Severity.WARNING,
        "An empty list of peers or ports, which means all of them",
        "An empty from, to or ports list admits everything, not nothing; a template that "
        "renders no entry opens the rule.",
    ),
)
