"""Faults of policies that come, change and go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from netprobe.lab.datapath.faults.rewriting import rules_of
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Life, Profile, Sight, timeless
from netprobe.model.policy import Direction, NetworkPolicy

FIRST_SECONDS = 1.0
Key = tuple[str, str]
Deleted = Mapping[Key, NetworkPolicy]
"""Policies that are gone while their namespace is still there, as they last were."""


def _key(policy: NetworkPolicy) -> Key:
    return policy.namespace, policy.name


def _by_key(picture: Picture) -> dict[Key, NetworkPolicy]:
    return {_key(policy): policy for policy in picture.policies}


def _after_deletes(
    leave: Callable[[Picture, Deleted], tuple[NetworkPolicy, ...]],
) -> Callable[[], Callable[[Picture], Picture]]:
    """A memory of what was deleted; ``leave`` says which policies that makes."""

    def begin() -> Callable[[Picture], Picture]:
        known: dict[Key, NetworkPolicy] = {}

        def remember(picture: Picture) -> Picture:
            names = {namespace.name for namespace in picture.namespaces}
            for key in [key for key in known if key[0] not in names]:
                del known[key]
            present = _by_key(picture)
            known.update(present)
            deleted = {key: policy for key, policy in known.items() if key not in present}
            return replace(picture, policies=leave(picture, deleted)) if deleted else picture

        return remember

    return begin


def _all_stay(picture: Picture, deleted: Deleted) -> tuple[NetworkPolicy, ...]:
    return (*picture.policies, *deleted.values())


def _namesakes_stay(picture: Picture, deleted: Deleted) -> tuple[NetworkPolicy, ...]:
    names = {policy.name for policy in picture.policies}
    return (*picture.policies, *(policy for policy in deleted.values() if policy.name in names))


def _isolation_stays(picture: Picture, deleted: Deleted) -> tuple[NetworkPolicy, ...]:
    return (*picture.policies, *(replace(policy, ingress=(), egress=()) for policy in deleted.values()))


def _allowances_stay(picture: Picture, deleted: Deleted) -> tuple[NetworkPolicy, ...]:
    """What a deleted policy admitted is admitted still, where another one of the namespace isolates.

    Each of those gets the rules of the deleted ones, if it selects the same pods.
    """

    def grown(policy: NetworkPolicy) -> NetworkPolicy:
        gone = [
            one
            for one in deleted.values()
            if one.namespace == policy.namespace and one.pod_selector == policy.pod_selector
        ]
        ingress, egress = (
            (*rules_of(policy, each), *(rule for one in gone for rule in rules_of(one, each)))
            for each in (Direction.INGRESS, Direction.EGRESS)
        )
        return replace(policy, ingress=ingress, egress=egress)

    return tuple(map(grown, picture.policies))


def _egress_is_killed(picture: Picture, deleted: Deleted) -> tuple[NetworkPolicy, ...]:
    """The pods of a deleted policy for ingress alone lose their egress while another one selects them."""
    gone = [one for one in deleted.values() if Direction.EGRESS not in one.policy_types]
    others = {policy.namespace for policy in picture.policies}
    kills = (
        replace(one, policy_types=frozenset({Direction.EGRESS}), ingress=None, egress=())
        for one in gone
        if one.namespace in others
    )
    return (*picture.policies, *kills)


def _remembering(
    keep: Callable[[NetworkPolicy, NetworkPolicy], NetworkPolicy],
) -> Callable[[], Callable[[Picture], Picture]]:
    """A memory of the first version of each policy; ``keep`` makes one of it and the present one."""

    def begin() -> Callable[[Picture], Picture]:
        first: dict[Key, NetworkPolicy] = {}

        def remember(picture: Picture) -> Picture:
            present = _by_key(picture)
            for key in first.keys() - present.keys():
                del first[key]
            policies = tuple(keep(first.setdefault(key, policy), policy) for key, policy in present.items())
            return replace(picture, policies=policies)

        return remember

    return begin


def _first_version(first: NetworkPolicy, present: NetworkPolicy) -> NetworkPolicy:
    del present
    return first


def _first_targets(first: NetworkPolicy, present: NetworkPolicy) -> NetworkPolicy:
    return replace(present, pod_selector=first.pod_selector)


def _first_policies_inert() -> Life:
    """A namespace's first policies, those of its first second with any, wait for being made anew."""
    begun: dict[str, float] = {}
    inert: set[Key] = set()
    working: set[Key] = set()

    def look(picture: Picture, now: float) -> Sight:
        present = set(_by_key(picture))
        for namespace in begun.keys() - {one.name for one in picture.namespaces}:
            del begun[namespace]
        for key in present - inert - working:
            early = now < begun.setdefault(key[0], now) + FIRST_SECONDS
            (inert if early else working).add(key)
        inert.intersection_update(present)
        working.intersection_update(present)
        policies = tuple(policy for policy in picture.policies if _key(policy) not in inert)
        return Sight(picture=replace(picture, policies=policies))

    return look


def _stuck_after_a_bad_rule() -> Callable[[Picture], Picture]:
    """A rule with a protocol and no port stops all changes of policies as long as it is there."""
    good: list[tuple[NetworkPolicy, ...]] = [()]

    def is_bad(policy: NetworkPolicy) -> bool:
        rules = (rule for direction in Direction for rule in rules_of(policy, direction))
        return any(port.port is None for rule in rules for port in rule.ports or ())

    def remember(picture: Picture) -> Picture:
        if not any(map(is_bad, picture.policies)):
            good[0] = picture.policies
        return replace(picture, policies=good[0])

    return remember


CHANGES = (
    Profile(
        name="delete-leaks",
        description="A deleted policy stays in force.",
        cites=("aws-delete-stale", "k3s-rules-survive"),
        live=timeless(_after_deletes(_all_stay)),
    ),
    Profile(
        name="delete-leaks-namesake",
        description="A deleted policy stays in force while another namespace has one of its name.",
        cites=("antrea-delete-samename",),
        live=timeless(_after_deletes(_namesakes_stay)),
    ),
    Profile(
        name="delete-leaves-deny",
        description="The allowances of a deleted policy go, its isolation stays.",
        cites=("ovn-defaultdeny-leak",),
        live=timeless(_after_deletes(_isolation_stays)),
    ),
    Profile(
        name="delete-leaves-allow",
        description="The allowances of a deleted policy stay beside a policy for the same pods.",
        cites=("cilium-allow-delete",),
        live=timeless(_after_deletes(_allowances_stay)),
    ),
    Profile(
        name="delete-ingress-kills-egress",
        description="Deleting one of several policies for ingress shuts the egress of its pods.",
        cites=("aws-del-ingress-kills-egress",),
        live=timeless(_after_deletes(_egress_is_killed)),
    ),
    Profile(
        name="updates-ignored",
        description="A policy counts as it was when it was made.",
        cites=("azure-npm-except-edit", "antrea-span-race"),
        live=timeless(_remembering(_first_version)),
    ),
    Profile(
        name="targets-frozen",
        description="A policy selects the pods that it selected when it was made.",
        cites=("aws-podselector-stale",),
        live=timeless(_remembering(_first_targets)),
    ),
    Profile(
        name="first-policy-noop",
        description="A namespace's first policies do nothing until they are deleted and made again.",
        cites=("eks-first-create-noop",),
        live=_first_policies_inert,
    ),
    Profile(
        name="bad-rule-stops-changes",
        description="While a rule has a protocol without a port, changes of policies are not taken up.",
        cites=("kuberouter-nft-onebad", "calico-namedport-crash", "v6-ipset-name"),
        live=timeless(_stuck_after_a_bad_rule),
    ),
)
