"""Where a pod may run and where it runs best. Pure: plain objects in, names and reasons out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from netprobe.lab.control.kinds import is_terminating
from netprobe.lab.control.owning import controller_of
from netprobe.lab.control.selectors import matches, matches_labels, satisfies
from netprobe.lab.store.objects import Object

HOSTNAME = "kubernetes.io/hostname"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


class Unsupported(Exception):
    """The pod asks for a kind of placement that the lab does not know; the text says which."""


def fits_node(spec: Mapping[str, Any], node: Object) -> bool:
    """Whether nodeSelector and required nodeAffinity take the node (other pods not considered).

    Raises Unsupported for an operator or a field that the lab does not know.
    """
    labels = node["metadata"].get("labels") or {}
    if not matches_labels(spec.get("nodeSelector") or {}, labels):
        return False
    required = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get(REQUIRED)
    return required is None or any(_term_takes(term, node) for term in required["nodeSelectorTerms"])


def choose_node(pod: Object, nodes: Sequence[Object], pods_by_node: Mapping[str, Sequence[Object]]) -> str:
    """The node for ``pod``, or "" when none may take it.

    Among those that may, the one with the smallest skew of soft wishes, then the fewest pods of the
    same controller, then the fewest pods, then the first by name: replicas spread, and the same
    cluster always gives the same answer. Raises Unsupported.
    """
    _refuse_unknown(pod["spec"])
    here = {
        str(node["metadata"]["name"]): [
            one for one in pods_by_node.get(node["metadata"]["name"], ()) if not is_terminating(one)
        ]
        for node in nodes
        if not node.get("spec", {}).get("unschedulable") and fits_node(pod["spec"], node)
    }
    everywhere = [other for others in pods_by_node.values() for other in others]
    candidates = [
        name
        for name, others in here.items()
        if _keeps_company(pod, others, everywhere)
        and _keeps_apart(pod, others)
        and _spread_allows(pod, name, here)
    ]
    return min(candidates, key=lambda name: _cost(pod, here[name], name), default="")


def _refuse_unknown(spec: Mapping[str, Any]) -> None:
    """Every topology but the node itself is unknown here."""
    affinity = spec.get("affinity") or {}
    keys = [constraint["topologyKey"] for constraint in spec.get("topologySpreadConstraints") or ()]
    for kind in ("podAffinity", "podAntiAffinity"):
        for term in (affinity.get(kind) or {}).get(REQUIRED) or ():
            keys.append(term["topologyKey"])
            if term.get("namespaceSelector") is not None:
                raise Unsupported(f"a namespaceSelector in {kind}")
    for key in keys:
        if key != HOSTNAME:
            raise Unsupported(f"the topology key {key} (it knows {HOSTNAME})")


def _term_takes(term: Mapping[str, Any], node: Object) -> bool:
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    labels = node["metadata"].get("labels") or {}
    names = {"metadata.name": str(node["metadata"]["name"])}
    try:
        return bool(expressions or fields) and (
            all(satisfies(requirement, labels) for requirement in expressions)
            and all(satisfies(requirement, names) for requirement in fields)
        )
    except ValueError as unknown:
        raise Unsupported(f"this node affinity: {unknown}") from unknown


def _keeps_company(pod: Object, others: Sequence[Object], everywhere: Sequence[Object]) -> bool:
    """Required podAffinity: the company must be here, unless the pod is the first of that company."""
    wanted = ((pod["spec"].get("affinity") or {}).get("podAffinity") or {}).get(REQUIRED) or ()
    return all(
        _meant(term, pod, others) or (_meant(term, pod, [pod]) and not _meant(term, pod, everywhere))
        for term in wanted
    )


def _keeps_apart(pod: Object, others: Sequence[Object]) -> bool:
    """Required podAntiAffinity, the pod's own and that of those who are here."""
    return not any(_meant(term, pod, others) for term in _anti(pod)) and not any(
        _meant(term, other, [pod]) for other in others for term in _anti(other)
    )


def _anti(pod: Object) -> Sequence[Mapping[str, Any]]:
    terms: Sequence[Mapping[str, Any]] = (
        (pod["spec"].get("affinity") or {}).get("podAntiAffinity") or {}
    ).get(REQUIRED) or ()
    return terms


def _meant(term: Mapping[str, Any], owner: Object, others: Sequence[Object]) -> int:
    """How many of ``others`` a pod affinity term of ``owner`` is about."""
    namespaces = term.get("namespaces") or [owner["metadata"]["namespace"]]
    selector = term.get("labelSelector")
    return sum(
        selector is not None
        and other["metadata"]["namespace"] in namespaces
        and matches(selector, other["metadata"].get("labels"))
        for other in others
    )


def _spread_allows(pod: Object, name: str, here: Mapping[str, Sequence[Object]]) -> bool:
    """DoNotSchedule constraints: the node's count may not exceed the least count by more than maxSkew."""
    for constraint in pod["spec"].get("topologySpreadConstraints") or ():
        if constraint.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule":
            counts = {node: _meant(constraint, pod, others) for node, others in here.items()}
            if counts[name] + _meant(constraint, pod, [pod]) - min(counts.values()) > constraint.get(
                "maxSkew", 1
            ):
                return False
    return True


def _cost(pod: Object, others: Sequence[Object], name: str) -> tuple[int, int, int, str]:
    preferred = ((pod["spec"].get("affinity") or {}).get("podAntiAffinity") or {}).get(PREFERRED) or ()
    disliked = sum(entry["weight"] * _meant(entry["podAffinityTerm"], pod, others) for entry in preferred)
    soft = sum(_meant(one, pod, others) for one in pod["spec"].get("topologySpreadConstraints") or ())
    controller = controller_of(pod)
    siblings = 0
    if controller is not None:
        owners = [controller_of(other) for other in others]
        siblings = sum(owner is not None and owner["uid"] == controller["uid"] for owner in owners)
    return disliked + soft, siblings, len(others), name
