"""Label selectors of workloads and Services, matched on plain objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def matches(selector: Mapping[str, Any], labels: Mapping[str, str] | None) -> bool:
    """Whether a metav1.LabelSelector (a plain mapping) takes these labels; all parts must hold."""
    present = labels or {}
    return matches_labels(selector.get("matchLabels") or {}, present) and all(
        satisfies(requirement, present) for requirement in selector.get("matchExpressions") or ()
    )


def matches_labels(wanted: Mapping[str, str], labels: Mapping[str, str] | None) -> bool:
    """Whether every wanted label is there with its value."""
    present = labels or {}
    return all(present.get(key) == value for key, value in wanted.items())


def satisfies(requirement: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether labels satisfy one requirement: In, NotIn, Exists, DoesNotExist.

    Raises ValueError for another operator.
    """
    value = labels.get(requirement["key"])
    values = requirement.get("values") or ()
    match requirement["operator"]:
        case "In":
            return value is not None and value in values
        case "NotIn":
            return value is None or value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case operator:
            raise ValueError(f"the lab does not know the operator {operator}")
