"""The 112 cases about peers and the 2 about the label that every namespace has."""

from __future__ import annotations

from itertools import combinations

from tests.oracle.vectors.generator.case import DIRECTIONS, case, lines, with_peers
from tests.oracle.vectors.grid import EVERY, block, labelled, pods, spaces
from tests.oracle.vectors.step import step

C, X = labelled(pod="c"), labelled(ns="x")
PEERS = {
    "every pod": (pods(EVERY), "x/*", ("policy-namespace", "all-pods")),
    "pod c": (pods(C), "x/c", ("policy-namespace", "pods-by-label")),
    "any namespace": (spaces(EVERY), "*", ("all-namespaces", "all-pods")),
    "every pod of any namespace": (spaces(EVERY, EVERY), "*", ("all-namespaces", "all-pods")),
    "pod c of any namespace": (spaces(EVERY, C), "*/c", ("all-namespaces", "pods-by-label")),
    "namespace x": (spaces(X), "x/*", ("namespaces-by-label", "all-pods")),
    "every pod of namespace x": (spaces(X, EVERY), "x/*", ("namespaces-by-label", "all-pods")),
    "pod c of namespace x": (spaces(X, C), "x/c", ("namespaces-by-label", "pods-by-label")),
    "a block": (block("10.0.1.0/24"), "x/* y/*", ("ip-block-no-except",)),
    "a block except": (block("10.0.1.0/24", "10.0.1.0/28"), "y/*", ("ip-block-with-except",)),
}
"""The peer, whom it means to a policy in x, and its tags."""


def peer_cases():
    for direction in DIRECTIONS:
        yield _case(direction, "no peers", [], "*", ("any-peer",))
        for name, (peer, meant, tags) in PEERS.items():
            yield _case(direction, name, [peer], meant, tags)
        for one, other in combinations(PEERS, 2):
            (first, meant, tags), (second, also, more) = PEERS[one], PEERS[other]
            both = ("multi-peer", *tags, *more)
            yield _case(direction, f"{one} or {other}", [first, second], f"{meant} {also}", both)


def _case(direction, name, peers, meant, tags):
    found = step(with_peers(direction, peers), lines=lines(direction, meant))
    return case("Peers", f"{direction}: {name}", (direction, *tags), found)


def namespace_cases():
    peer = spaces(labelled(**{"kubernetes.io/metadata.name": "z"}))
    for direction in DIRECTIONS:
        found = step(with_peers(direction, [peer]), lines=lines(direction, "z/*"))
        yield case("Namespace", direction, ("namespaces-by-default-label", direction), found)
