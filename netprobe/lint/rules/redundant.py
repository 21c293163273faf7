"""What is said twice, and rules that admit everything."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.lint.bodies import rule_body, types
from netprobe.lint.covering import covers
from netprobe.lint.found import Found, entry
from netprobe.lint.scene import Scene
from netprobe.lint.sites import RuleSite, key_of, place_of, sites_of
from netprobe.lint.superfluous import find_superfluous, is_open
from netprobe.lint.wording import isolate, listed
from netprobe.lint.yaml_text import to_yaml
from netprobe.model.lint import Fix, Related, Severity
from netprobe.model.policy import Direction, NetworkPolicy
from netprobe.oracle.isolation import rules_of
from netprobe.oracle.wording import rule_text


def duplicate_policy(scene: Scene) -> Iterator[Found]:
    """Policies of one namespace that say the same about the same pods.

    Concept page, "The two sorts of pod isolation": policies are additive, so the second adds nothing.
    """
    for policy, twin in scene.once(find_superfluous).duplicates:
        yield Found(
            object=key_of(policy),
            place=place_of(policy),
            message=f"{policy.name} says the same as {twin.name} about the same pods",
            fix=Fix(advice=f"delete {policy.name}, or change it to what it was to be"),
            related=(Related(place=place_of(twin), message=f"{twin.name} is here"),),
        )


def redundant_policy(scene: Scene) -> Iterator[Found]:
    """A policy whose every rule, and whose isolation, other policies of the namespace have, too.

    Concept page, "The two sorts of pod isolation": policies are additive. What is found holds for all
    pods there can be, not only for those of today. A policy without rules is never found.
    """
    for policy, instead in scene.once(find_superfluous).policies:
        yield Found(
            object=key_of(policy),
            place=place_of(policy),
            message=(
                f"{policy.name} adds nothing: {isolate(instead)} the same pods, and all that it "
                "admits is admitted"
            ),
            fix=Fix(advice=f"delete {policy.name}"),
            related=tuple(Related(place=place_of(each), message=f"{each.name} is here") for each in instead),
        )


def redundant_rule(scene: Scene) -> Iterator[Found]:
    """A rule that admits nothing which other rules for the same pods do not admit already.

    Reference: NetworkPolicySpec, ingress: traffic is allowed if it "matches at least one ingress rule
    across all of the NetworkPolicy objects whose podSelector matches the pod". Egress alike.
    """
    for site, covering in scene.once(find_superfluous).rules:
        by = listed(_name(each, site) for each in covering)
        yield Found(
            object=site.key,
            place=site.place,
            path=site.path,
            message=(
                f"{site.words} ({rule_text(site.rule, site.policy.namespace)}) "
                f"admits nothing that {by} does not admit already"
            ),
            fix=Fix(advice=f"leave {site.words} out, and keep policyTypes", yaml=_without(site)),
            related=tuple(
                Related(place=each.place, message=f"{_name(each, site)} is here") for each in covering
            ),
        )


def allow_all(scene: Scene) -> Iterator[Found]:
    """A rule without peers and ports, beside policies for the same pods that were to restrict something.

    Reference: NetworkPolicyIngressRule: an empty or missing ``from`` matches all sources, empty or
    missing ``ports`` all ports. Concept page, "Allow all ingress traffic": then "no additional policy or
    policies can cause any incoming connection to those pods to be denied".
    """
    for site in scene.rules():
        if not is_open(site):
            continue
        void = [policy.name for policy in scene.policies if _is_made_void(policy, site)]
        more = len(rules_of(site.policy, site.direction)) - 1
        told = [f"{listed(void)} restricts nothing any more"] if void else []
        told += [
            f"the {more} other {site.direction.lower()} {'rules' if more > 1 else 'rule'} here adds nothing"
        ] * bool(more)
        way = "from" if site.direction is Direction.INGRESS else "to"
        yield Found(
            object=site.key,
            place=site.place,
            path=site.path,
            message=f"{site.words} admits everything {way} everybody" + "".join(f"; {each}" for each in told),
            severity=None if told else Severity.INFO,
            fix=_closing(site)
            if told
            else Fix(advice="nothing to do if these pods are to be open on purpose"),
        )


def _closing(site: RuleSite) -> Fix:
    policy = site.policy
    if len(list(sites_of(policy))) == 1 and len(policy.policy_types) == 1:
        return Fix(advice=f"delete {policy.name} if it was for a test")
    return Fix(advice="leave this rule out if it was for a test, and keep policyTypes", yaml=_without(site))


def _is_made_void(policy: NetworkPolicy, site: RuleSite) -> bool:
    """Whether the open rule is about all pods of a policy that restricts its direction."""
    if policy is site.policy or policy.namespace != site.policy.namespace:
        return False
    if site.direction not in policy.policy_types or not covers(site.policy.pod_selector, policy.pod_selector):
        return False
    return not any(is_open(each) for each in sites_of(policy) if each.direction is site.direction)


def _name(site: RuleSite, near: RuleSite) -> str:
    return site.words if site.policy is near.policy else f"{site.words} of {site.policy.name}"


def _without(site: RuleSite) -> str:
    rules = rules_of(site.policy, site.direction)
    left = [rule_body(rule, site.direction) for n, rule in enumerate(rules) if n != site.number]
    return to_yaml({"policyTypes": types(site.policy), site.direction.lower(): left})


RULES = (
    entry(
        duplicate_policy,
        "duplicate-policy",
        Severity.WARNING,
        "Two policies that say the same",
        "Policies add up, so the second one changes nothing; when only one of the two is edited or deleted, "
        "the other goes on admitting what was to be closed.",
    ),
    entry(
        redundant_policy,
        "redundant-policy",
        Severity.INFO,
        "A policy that adds nothing",
        "Policies add up: whatever this one isolates and admits, others do already, for every "
        "pod there can be.",
    ),
    entry(
        redundant_rule,
        "redundant-rule",
        Severity.INFO,
        "A rule that adds nothing",
        "Rules add up: other rules for the same pods admit all of this already. If it was to "
        "restrict something, "
        "it does not; rules never take anything away.",
    ),
    entry(
        allow_all,
        "allow-all",
        Severity.WARNING,
        "A rule that admits everything",
        "A rule without peers and ports opens its pods completely in that direction, and no other policy "
        "can close them again.",
    ),
)
