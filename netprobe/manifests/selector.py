"""metav1.LabelSelector from plain data."""

from __future__ import annotations

from netprobe.manifests.cursor import Cursor, did_you_mean
from netprobe.manifests.metadata import decode_labels
from netprobe.manifests.names import wrong_label_key, wrong_label_value
from netprobe.model.policy import LabelSelector, Operator, Requirement

_NEED_VALUES = frozenset((Operator.IN, Operator.NOT_IN))


def decode_selector(holder: Cursor, key: str) -> LabelSelector | None:
    """Read the selector under ``key``: None when it is absent, which is not the same as empty."""
    selector = holder.mapping(key)
    if selector is None:
        return None
    selector.keys(("matchLabels", "matchExpressions"))
    labels = decode_labels(selector, "matchLabels")
    expressions = [_requirement(item) for item in selector.items("matchExpressions") or ()]
    return LabelSelector(
        match_labels=labels,
        match_expressions=tuple(expression for expression in expressions if expression is not None),
    )


def _requirement(item: Cursor) -> Requirement | None:
    if not item.is_mapping():
        return None
    item.keys(("key", "operator", "values"))
    key = item.text("key", required=True)
    if key is not None and (wrong := wrong_label_key(key)):
        item.complain(wrong, key="key")
    operator = _operator(item)
    values = item.strings("values") or ()
    for number, value in enumerate(values):
        if wrong := wrong_label_value(value):
            item.complain(f"item {number + 1}: {wrong}", key="values")
    if operator is None or key is None:
        return None
    if operator in _NEED_VALUES and not values:
        item.complain(f"operator {operator} needs values", key="values")
    if operator not in _NEED_VALUES and values:
        item.complain(f"operator {operator} takes no values", key="values")
    return Requirement(key=key, operator=operator, values=values)


def _operator(item: Cursor) -> Operator | None:
    text = item.text("operator", required=True)
    if text is None:
        return None
    try:
        return Operator(text)
    except ValueError:
        known = ", ".join(Operator)
        item.complain(
            f'"{text}" is not an operator; use one of {known}',
            key="operator",
            hint=did_you_mean(text, Operator),
        )
        return None
