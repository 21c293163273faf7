"""Label selectors: which keys they look at, and how several become one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.model.admin_policy import AdminPolicy, PodsIn
from netprobe.model.inventory import Inventory
from netprobe.model.policy import LabelSelector, NetworkPolicy, Operator, Requirement


def keys_used(inventory: Inventory) -> frozenset[str]:
    """Return the label keys that any policy or Service looks at."""
    found: set[str] = set()
    for selector in _selectors(inventory):
        found.update(selector.match_labels)
        found.update(each.key for each in selector.match_expressions)
    for service in inventory.topology.services:
        found.update(service.selector or ())
    return frozenset(found)


def either(selectors: Sequence[LabelSelector]) -> LabelSelector | None:
    """Return the selector of all that any of these selects, None when there is no such selector."""
    if LabelSelector() in selectors:
        return LabelSelector()
    if len(selectors) == 1:
        return selectors[0]
    keys = {key for selector in selectors for key in selector.match_labels}
    if len(keys) != 1 or any(each.match_expressions or not each.match_labels for each in selectors):
        return None
    (key,) = keys
    values = tuple(dict.fromkeys(selector.match_labels[key] for selector in selectors))
    return LabelSelector(match_expressions=(Requirement(key=key, operator=Operator.IN, values=values),))


def _selectors(inventory: Inventory) -> Iterator[LabelSelector]:
    for policy in inventory.policies:
        yield from _of_policy(policy)
    for admin in inventory.admin_policies:
        yield from _of_admin_policy(admin)


def _of_policy(policy: NetworkPolicy) -> Iterator[LabelSelector]:
    yield policy.pod_selector
    for rule in (*(policy.ingress or ()), *(policy.egress or ())):
        for peer in rule.peers or ():
            if peer.pod_selector is not None:
                yield peer.pod_selector
            if peer.namespace_selector is not None:
                yield peer.namespace_selector


def _of_admin_policy(policy: AdminPolicy) -> Iterator[LabelSelector]:
    yield from _of_pods(policy.subject)
    for rule in (*policy.ingress, *policy.egress):
        for peer in rule.peers:
            if peer.pods is not None:
                yield from _of_pods(peer.pods)


def _of_pods(pods: PodsIn) -> Iterator[LabelSelector]:
    yield pods.namespaces
    if pods.pods is not None:
        yield pods.pods
