"""Faults of label selectors."""

from __future__ import annotations

from dataclasses import replace

from netprobe.lab.datapath.faults.rewriting import each_selector
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Profile
from netprobe.model.policy import LabelSelector, Operator, Requirement

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
)
