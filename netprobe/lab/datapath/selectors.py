"""Label selectors as the data path reads them."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.model.policy import LabelSelector, Operator, Requirement


def selects(selector: LabelSelector, labels: Mapping[str, str]) -> bool:
    """Whether ``labels`` satisfy every part of the selector; an empty selector takes everything.

    LabelSelector, meta/v1: the requirements of matchLabels and matchExpressions are ANDed.
    """
    return all(labels.get(key) == value for key, value in selector.match_labels.items()) and all(
        _satisfied(requirement, labels) for requirement in selector.match_expressions
    )


def _satisfied(requirement: Requirement, labels: Mapping[str, str]) -> bool:
    """Evaluate one matchExpressions entry; NotIn holds as well for an object without the key."""
    value = labels.get(requirement.key)
    match requirement.operator:
        case Operator.IN:
            return value is not None and value in requirement.values
        case Operator.NOT_IN:
            return value is None or value not in requirement.values
        case Operator.EXISTS:
            return value is not None
        case Operator.DOES_NOT_EXIST:
            return value is None
