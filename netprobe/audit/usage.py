"""Which NetworkPolicies use a feature of the board."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from netprobe.audit.windows import NAME as WINDOW
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.model.protocol import Protocol

Uses = Callable[[NetworkPolicy], bool]
"""Whether a policy rests on a feature."""


def rules(policy: NetworkPolicy) -> Iterator[Rule]:
    """The rules that count: those of the directions that the policy isolates."""
    if Direction.INGRESS in policy.policy_types:
        yield from policy.ingress or ()
    if Direction.EGRESS in policy.policy_types:
        yield from policy.egress or ()


def _peers(policy: NetworkPolicy) -> Iterator[Peer]:
    return chain.from_iterable(rule.peers or () for rule in rules(policy))


def _ports(policy: NetworkPolicy) -> Iterator[PolicyPort]:
    return chain.from_iterable(rule.ports or () for rule in rules(policy))


def _selectors(policy: NetworkPolicy) -> Iterator[LabelSelector]:
    yield policy.pod_selector
    for peer in _peers(policy):
        yield from (each for each in (peer.pod_selector, peer.namespace_selector) if each is not None)


def _by_peer(fits: Callable[[Peer], object]) -> Uses:
    return lambda policy: any(map(fits, _peers(policy)))


def _by_port(fits: Callable[[PolicyPort], object]) -> Uses:
    return lambda policy: any(map(fits, _ports(policy)))


def _expressions(policy: NetworkPolicy) -> bool:
    return any(selector.match_expressions for selector in _selectors(policy))


def _alternatives(policy: NetworkPolicy) -> bool:
    return any(len(rule.peers or ()) > 1 for rule in rules(policy))


def _dns(policy: NetworkPolicy) -> bool:
    """Whether it isolates for egress: then names resolve only where a rule admits it."""
    return Direction.EGRESS in policy.policy_types


USES: Mapping[str, Uses] = {
    "ingress-deny": lambda policy: Direction.INGRESS in policy.policy_types,
    "egress-deny": lambda policy: Direction.EGRESS in policy.policy_types,
    "egress-rules": lambda policy: Direction.EGRESS in policy.policy_types and bool(policy.egress),
    "direction": lambda policy: len(policy.policy_types) == 1,
    "pod-selector": _by_peer(lambda peer: peer.pod_selector is not None),
    "namespace-selector": _by_peer(lambda peer: peer.namespace_selector is not None),
    "and": _by_peer(lambda peer: peer.pod_selector is not None and peer.namespace_selector is not None),
    "or": _alternatives,
    "expressions": _expressions,
    "ports": _by_port(lambda port: isinstance(port.port, int)),
    "named-ports": _by_port(lambda port: isinstance(port.port, str)),
    "end-port": _by_port(lambda port: port.end_port is not None),
    "protocols": _by_port(lambda port: port.protocol is not Protocol.TCP or port.port is None),
    "sctp": _by_port(lambda port: port.protocol is Protocol.SCTP),
    "ip-block": _by_peer(lambda peer: peer.ip_block is not None),
    "outside": _by_peer(lambda peer: peer.ip_block is not None),
    "except": _by_peer(lambda peer: peer.ip_block is not None and peer.ip_block.excluded),
    "dns": _dns,
}
"""For features that show in a policy by itself, by their names in ``board.cases``."""

UNTIED = frozenset({
    "union", "service", "policy-update", "policy-add", "policy-delete", "pod-labels", "namespace-labels",
    "new-pods", "old-pods", "all-deleted", WINDOW, "headless", "own-service", "second-address", "bare-pods",
    "limited-pods", "replaced-pods", "namesakes", "node-port",
})  # fmt: skip
"""Features about several policies, Services, kinds of pods or changes, which no policy shows by itself."""
