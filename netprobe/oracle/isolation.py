"""Which policies isolate a pod, in which direction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from netprobe.model.policy import Direction, NetworkPolicy, Rule
from netprobe.model.topology import Pod
from netprobe.oracle.selectors import selects


class Isolation:
    """The policies that isolate each pod; looked up once per pod and direction."""

    def __init__(self, policies: Sequence[NetworkPolicy]) -> None:
        """``policies`` of all namespaces; their order is kept."""
        self._by_home: dict[tuple[str, Direction], list[NetworkPolicy]] = defaultdict(list)
        for policy in policies:
            for direction in policy.policy_types:
                self._by_home[policy.namespace, direction].append(policy)
        self._known: dict[tuple[str, str, Direction], tuple[NetworkPolicy, ...]] = {}

    def of(self, pod: Pod, direction: Direction) -> tuple[NetworkPolicy, ...]:
        """Return the policies that isolate ``pod`` in ``direction``; none: everything is allowed there.

        Concept page, "The two sorts of pod isolation": a pod is isolated for a direction "if there is
        any NetworkPolicy that both selects the pod and has" that direction in its policyTypes; policies
        "do not conflict; they are additive". A policy selects pods of its own namespace only.
        """
        key = (pod.namespace, pod.name, direction)
        found = self._known.get(key)
        if found is None:
            candidates = self._by_home.get((pod.namespace, direction), ())
            found = tuple(policy for policy in candidates if selects(policy.pod_selector, pod.labels))
            self._known[key] = found
        return found


def rules_of(policy: NetworkPolicy, direction: Direction) -> tuple[Rule, ...]:
    """Return the policy's rules for a direction; an absent and an empty list both admit nothing.

    Reference: NetworkPolicySpec, ingress: "If this field is empty then this NetworkPolicy does not allow
    any traffic (and serves solely to ensure that the pods it selects are isolated by default)"; egress
    alike.
    """
    return (policy.ingress if direction is Direction.INGRESS else policy.egress) or ()
