"""Label and field selectors of list and watch requests: parsing and matching.

The lab's own reading of https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
(equality-based and set-based requirements).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.api.resources import Resource
from netprobe.lab.api.status_errors import StatusError, bad_request

Matcher = Callable[[Mapping[str, Any]], bool]

_TOKEN = re.compile(r"\s*(!=|==|=|!|\(|\)|,|[^\s=!(),]+)")
_SYMBOLS = frozenset({"!=", "==", "=", "!", "(", ")", ","})

_FIELDS: dict[str, tuple[str, ...]] = {
    "pods": ("spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "status.phase", "status.podIP"),
    "events": (
        "involvedObject.kind",
        "involvedObject.namespace",
        "involvedObject.name",
        "involvedObject.uid",
        "reason",
        "source",
        "type",
    ),
    "namespaces": ("status.phase",),
    "services": ("spec.clusterIP", "spec.type"),
    "nodes": ("spec.unschedulable",),
    "replicasets": ("status.replicas",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """One requirement on a label; ``operator`` is in, notin, exists or absent."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these labels meets it (a missing key meets ``notin``)."""
        if self.operator == "exists":
            return self.key in labels
        if self.operator == "absent":
            return self.key not in labels
        if self.operator == "in":
            return self.key in labels and labels[self.key] in self.values
        return self.key not in labels or labels[self.key] not in self.values


def parse_label_selector(text: str) -> tuple[Requirement, ...]:
    """Parse ``a=b,c in (d,e),!f``; raises StatusError (400) in the API server's words."""
    tokens = _tokens(text)
    requirements: list[Requirement] = []
    while tokens:
        requirements.append(_requirement(tokens))
        if not tokens:
            break
        if tokens.pop(0) != ",":
            raise bad_request("unable to parse requirement: expected ',' or 'end of string'")
        if not tokens:
            raise bad_request("unable to parse requirement: found '', expected: identifier after ','")
    return tuple(requirements)


def parse_field_selector(resource: Resource, text: str) -> tuple[tuple[str, bool, str], ...]:
    """Parse ``metadata.name=x,status.phase!=Running`` into (field, equal, value).

    Raises StatusError (400) for a field that the resource cannot be selected by.
    """
    terms: list[tuple[str, bool, str]] = []
    for term in filter(None, text.split(",")):
        match = re.fullmatch(r"([^=!]+)(!=|==|=)(.*)", term)
        if match is None:
            raise bad_request(f"invalid selector: '{text}'; can't understand '{term}'")
        field, operator, value = match.groups()
        if field not in _selectable(resource):
            raise _unknown_field(resource, field)
        terms.append((field, operator != "!=", value))
    return tuple(terms)


def matcher(resource: Resource, label_selector: str, field_selector: str) -> Matcher:
    """A predicate on objects for the two query parameters; raises StatusError (400)."""
    requirements = parse_label_selector(label_selector)
    terms = parse_field_selector(resource, field_selector)

    def matches(obj: Mapping[str, Any]) -> bool:
        labels = obj["metadata"].get("labels", {})
        return all(requirement.holds(labels) for requirement in requirements) and all(
            (_field(obj, field) == value) is equal for field, equal, value in terms
        )

    return matches


def match_labels(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector's matchLabels and matchExpressions select these labels."""
    operators = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "absent"}
    wanted = selector.get("matchLabels", {})
    expressions = (
        Requirement(
            key=e["key"], operator=operators.get(e["operator"], "in"), values=frozenset(e.get("values", ()))
        )
        for e in selector.get("matchExpressions", ())
    )
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        expression.holds(labels) for expression in expressions
    )


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _requirement(tokens: list[str]) -> Requirement:
    if tokens[0] == "!":
        tokens.pop(0)
        return Requirement(key=_identifier(tokens), operator="absent")
    key = _identifier(tokens)
    if not tokens or tokens[0] == ",":
        return Requirement(key=key, operator="exists")
    operator = tokens.pop(0)
    if operator in {"=", "==", "!="}:
        value = tokens.pop(0) if tokens and tokens[0] not in _SYMBOLS else ""
        return Requirement(key=key, operator="notin" if operator == "!=" else "in", values=frozenset({value}))
    if operator in {"in", "notin"}:
        return Requirement(key=key, operator=operator, values=_values(tokens))
    raise bad_request(
        f"unable to parse requirement: found '{operator}', expected: in, notin, =, ==, !=, gt, lt"
    )


def _identifier(tokens: list[str]) -> str:
    found = tokens[0] if tokens else ""
    if not found or found in _SYMBOLS:
        raise bad_request(f"found '{found}', expected: !, identifier, or 'end of string'")
    return tokens.pop(0)


def _values(tokens: list[str]) -> frozenset[str]:
    if not tokens or tokens.pop(0) != "(" or ")" not in tokens:
        raise bad_request("unable to parse requirement: found '', expected: '(' … ')'")
    end = tokens.index(")")
    inside, tokens[:] = tokens[:end], tokens[end + 1 :]
    return frozenset(each for each in inside if each != ",") or frozenset({""})


def _selectable(resource: Resource) -> tuple[str, ...]:
    common = ("metadata.name", "metadata.namespace") if resource.namespaced else ("metadata.name",)
    return (*common, *_FIELDS.get(resource.plural, ()))


def _unknown_field(resource: Resource, field: str) -> StatusError:
    known = ", ".join(f'"{name}"' for name in _selectable(resource))
    if resource.plural in _FIELDS:
        return bad_request(f"field label not supported: {field}")
    return bad_request(f'"{field}" is not a known field selector: only {known}')


def _field(obj: Mapping[str, Any], path: str) -> str:
    value: Any = obj
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, Mapping) else ""
    return str(value).lower() if isinstance(value, bool) else str(value)
