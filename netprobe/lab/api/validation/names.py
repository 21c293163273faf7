"""Rules for names, labels and label selectors.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and .../labels/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from netprobe.lab.api.status_errors import Cause
from netprobe.lab.api.validation.causes import invalid_value, not_allowed, required

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_VALUE = r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
_KEY = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

_EDGES = "and must start and end with an alphanumeric character"
_LABEL_RULE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    f"{_EDGES} (e.g. 'my-name',  or '123-abc', regex used for validation is '{_LABEL}')"
)
_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    f"{_EDGES} (e.g. 'example.com', regex used for validation is '{_SUBDOMAIN}')"
)
_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    f"{_EDGES} (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '{_VALUE}')"
)
_KEY_RULE = (
    f"name part must consist of alphanumeric characters, '-', '_' or '.', {_EDGES} "
    f"(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_KEY}')"
)
_DNS_LABEL_NAMES = frozenset({"namespaces", "services"})


def name_causes(resource: str, meta: Mapping[str, Any]) -> Iterator[Cause]:
    """Check metadata.name: an RFC 1123 label for namespaces and Services, a subdomain for the rest."""
    name = meta.get("name", "")
    if not name:
        yield required("metadata.name", "name or generateName is required")
    elif resource in _DNS_LABEL_NAMES:
        yield from dns_label_causes("metadata.name", name)
    elif len(name) > 253:
        yield invalid_value("metadata.name", name, "must be no more than 253 bytes")
    elif not re.fullmatch(_SUBDOMAIN, name):
        yield invalid_value("metadata.name", name, _SUBDOMAIN_RULE)


def dns_label_causes(field: str, name: str) -> Iterator[Cause]:
    """Check an RFC 1123 label of at most 63 characters."""
    if len(name) > 63:
        yield invalid_value(field, name, "must be no more than 63 bytes")
    if not re.fullmatch(_LABEL, name):
        yield invalid_value(field, name, _LABEL_RULE)


def labels_causes(field: str, labels: Mapping[str, str]) -> Iterator[Cause]:
    """Check keys and values of a label map."""
    for key, value in labels.items():
        yield from _key_causes(field, key)
        yield from _value_causes(field, value)


def selector_causes(field: str, selector: Mapping[str, Any]) -> Iterator[Cause]:
    """Check a LabelSelector."""
    yield from labels_causes(f"{field}.matchLabels", selector.get("matchLabels", {}))
    for index, expression in enumerate(selector.get("matchExpressions", ())):
        yield from _expression_causes(f"{field}.matchExpressions[{index}]", expression)


def _expression_causes(field: str, expression: Mapping[str, Any]) -> Iterator[Cause]:
    operator, values = expression.get("operator", ""), expression.get("values", ())
    if operator in {"In", "NotIn"}:
        if not values:
            yield required(f"{field}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in {"Exists", "DoesNotExist"}:
        if values:
            why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            yield not_allowed(f"{field}.values", why)
    else:
        yield invalid_value(f"{field}.operator", operator, "not a valid selector operator")
    yield from _key_causes(f"{field}.key", expression.get("key", ""))
    for index, value in enumerate(values):
        yield from _value_causes(f"{field}.values[{index}]", value)


def _key_causes(field: str, key: str) -> Iterator[Cause]:
    prefix, slash, name = key.rpartition("/")
    if slash and not re.fullmatch(_SUBDOMAIN, prefix):
        why = f"prefix part {_SUBDOMAIN_RULE}" if prefix else "prefix part must be non-empty"
        yield invalid_value(field, key, why)
    if not name:
        yield invalid_value(field, key, "name part must be non-empty")
    if len(name) > 63:
        yield invalid_value(field, key, "name part must be no more than 63 bytes")
    if not re.fullmatch(_KEY, name):
        yield invalid_value(field, key, _KEY_RULE)


def _value_causes(field: str, value: str) -> Iterator[Cause]:
    if len(value) > 63:
        yield invalid_value(field, value, "must be no more than 63 bytes")
    if not re.fullmatch(_VALUE, value):
        yield invalid_value(field, value, _VALUE_RULE)
