"""Faults of label selectors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from netprobe.lab.datapath.faults.rewriting import each_peer, each_policy, each_selector, rules_of
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Profile
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Operator, Peer, Requirement

_Name = tuple[str, str]
"""The namespace of a set, and its name."""

_NEGATIONS = frozenset({Operator.NOT_IN, Operator.DOES_NOT_EXIST})


def _expressions_ignored(selector: LabelSelector) -> LabelSelector:
    return replace(selector, match_expressions=())


def _first_value_only(selector: LabelSelector) -> LabelSelector:
    def shorten(one: Requirement) -> Requirement:
        return replace(one, values=one.values[:1]) if one.operator is Operator.IN else one

    return replace(selector, match_expressions=tuple(map(shorten, selector.match_expressions)))


def _negations_ignored(selector: LabelSelector) -> LabelSelector:
    kept = tuple(one for one in selector.match_expressions if one.operator not in _NEGATIONS)
    return replace(selector, match_expressions=kept)


def _empty_values_unseen(picture: Picture) -> Picture:
    pods = tuple(
        replace(pod, labels={key: value for key, value in pod.labels.items() if value})
        for pod in picture.pods
    )
    return replace(picture, pods=pods)


def _sets_share_names(picture: Picture) -> Picture:
    """Several values of a label are one set, named after policy and label; equal names are one set."""
    sets: dict[_Name, list[LabelSelector]] = defaultdict(list)
    for policy in picture.policies:
        for rule in (*rules_of(policy, Direction.INGRESS), *rules_of(policy, Direction.EGRESS)):
            for peer in rule.peers or ():
                for name in _set_names(policy, peer):
                    sets[name].append(peer.pod_selector or LabelSelector())

    def grown(policy: NetworkPolicy) -> Iterable[NetworkPolicy]:
        def peers(peer: Peer) -> Iterable[Peer]:
            yield peer
            for name in _set_names(policy, peer):
                yield from (replace(peer, pod_selector=other) for other in sets[name])

        yield from each_peer(peers)(replace(picture, policies=(policy,))).policies

    return each_policy(grown)(picture)


def _set_names(policy: NetworkPolicy, peer: Peer) -> Iterable[_Name]:
    for one in peer.pod_selector.match_expressions if peer.pod_selector is not None else ():
        if one.operator is Operator.IN and len(one.values) > 1:
            yield policy.namespace, f"{policy.name}-{one.key}"


SELECTORS = (
    Profile(
        name="expressions-ignored",
        description="matchExpressions are ignored.",
        cites=("windows-npm-gaps",),
        see=each_selector(_expressions_ignored),
    ),
    Profile(
        name="first-value-only",
        description="Of the values of an In, the first counts.",
        cites=("azure-expr-multi",),
        see=each_selector(_first_value_only),
    ),
    Profile(
        name="negations-ignored",
        description="NotIn and DoesNotExist are ignored.",
        cites=("windows-npm-gaps",),
        see=each_selector(_negations_ignored),
    ),
    Profile(
        name="empty-labels-unseen",
        description="A pod's label with an empty value is not there.",
        cites=("calico-empty-label",),
        see=_empty_values_unseen,
    ),
    Profile(
        name="sets-share-names",
        description="Values of labels mix where policy and label read the same together.",
        cites=("azure-npm-setname",),
        see=_sets_share_names,
    ),
)
