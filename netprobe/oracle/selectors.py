"""Label selectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netprobe.model.policy import LabelSelector, Operator, Requirement


def selects(selector: LabelSelector, labels: Mapping[str, str]) -> bool:
    """Whether the selector selects an object with these labels; an empty selector selects every object.

    Reference: LabelSelector, "The result of matchLabels and matchExpressions are ANDed. An empty
    label selector matches all objects."
    """
    return next(missing(selector, labels), None) is None


def missing(selector: LabelSelector, labels: Mapping[str, str]) -> Iterator[Requirement]:
    """Yield the requirements that the labels do not meet; a matchLabels entry is an In with one value.

    Reference: LabelSelector, matchLabels: "A single {key,value} in the matchLabels map is equivalent
    to an element of matchExpressions, whose key field is "key", the operator is "In", and the values
    array contains only "value"."
    """
    for key, value in selector.match_labels.items():
        if labels.get(key) != value:
            yield Requirement(key=key, operator=Operator.IN, values=(value,))
    for requirement in selector.match_expressions:
        if not meets(requirement, labels):
            yield requirement


def meets(requirement: Requirement, labels: Mapping[str, str]) -> bool:
    """Whether the labels meet one requirement.

    Concept page "Labels and Selectors", set-based requirement: In needs the key with one of the
    values; NotIn also holds for objects without the key; Exists and DoesNotExist look at the key only.
    """
    match requirement.operator:
        case Operator.IN:
            return labels.get(requirement.key) in requirement.values
        case Operator.NOT_IN:
            return labels.get(requirement.key) not in requirement.values
        case Operator.EXISTS:
            return requirement.key in labels
        case Operator.DOES_NOT_EXIST:
            return requirement.key not in labels
