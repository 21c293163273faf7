"""One entry with two selectors, or two entries with one each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from netprobe.lint.bodies import Body, peer_body
from netprobe.lint.found import Found, entry
from netprobe.lint.scene import Scene
from netprobe.lint.sites import PeerSite
from netprobe.lint.wording import pods_text
from netprobe.lint.yaml_text import list_yaml
from netprobe.model.lint import Fix, Severity
from netprobe.model.policy import LabelSelector, Peer
from netprobe.oracle.wording import peer_text

Pair = tuple[PeerSite, PeerSite]


def and_or(scene: Scene) -> Iterator[Found]:
    """Two adjacent entries, one with only a namespaceSelector and one with only a podSelector.

    Guide, "AND vs OR confusion in rules": the number one mistake. Concept page, "Behavior of to and
    from selectors": selectors in one entry are ANDed, entries are ORed, and a podSelector without a
    namespaceSelector means pods of the policy's own namespace.
    """
    for first, second in split_pairs(scene):
        home = first.at.policy.namespace
        merged = merge(first.peer, second.peer)
        either = {id(p): p for s in (first, second) for p in scene.meant(s.peer, home)}.values()
        both = [pod for pod in scene.everyone if scene.is_meant(merged, home, pod)]
        known = bool(scene.pods)
        apart = f"{peer_text(first.peer, home)}, or {_home_text(second.peer, first.peer, home)}"
        together = peer_text(merged, home)
        if known:
            apart, together = f"{apart} ({pods_text(either)})", f"{together} ({pods_text(both)})"
        yield Found(
            object=first.at.key,
            place=second.place,
            path=second.path,
            message=(
                f"{first.at.words} has the two selectors in two entries, which are ORed: it admits {apart}; "
                f"in one entry they would be ANDed: {together}"
            ),
            fix=Fix(
                advice=f'if both are meant together, write one entry (one "-") in {first.at.peers_key}',
                yaml=list_yaml(first.at.peers_key, [_merged_body(s, first, second) for s in _rest(second)]),
            ),
        )


def split_pairs(scene: Scene) -> Iterator[Pair]:
    """Yield the pairs of entries that look like one entry with a dash too many."""
    for site in scene.rules():
        peers = list(site.peers())
        for first, second in pairwise(peers):
            if _is_split(scene, first, second):
                yield first, second


def merge(one: Peer, other: Peer) -> Peer:
    """Return the entry that both entries together would be."""
    return Peer(
        namespace_selector=one.namespace_selector or other.namespace_selector,
        pod_selector=one.pod_selector or other.pod_selector,
    )


def _is_split(scene: Scene, first: PeerSite, second: PeerSite) -> bool:
    home = first.at.policy.namespace
    namespaces_first = _only_namespaces(first.peer) and _only_pods(second.peer)
    pods_first = _only_pods(first.peer) and _only_namespaces(second.peer)
    if not (namespaces_first or pods_first):
        return False
    lonely = first.peer if pods_first else second.peer
    merged = merge(first.peer, second.peer)
    at_home = scene.meant(lonely, home)
    together = [pod for pod in scene.everyone if scene.is_meant(merged, home, pod)]
    if not scene.pods:
        return namespaces_first
    if pods_first:  # "these pods of ours, and that namespace" is a usual list, unless there are none
        return bool(together) and not at_home
    return bool(together) or not at_home


def _only_namespaces(peer: Peer) -> bool:
    return peer.namespace_selector is not None and peer.pod_selector is None


def _only_pods(peer: Peer) -> bool:
    """An empty podSelector is left out: merged, it would change nothing."""
    selector = peer.pod_selector
    return peer.namespace_selector is None and selector is not None and selector != LabelSelector()


def _home_text(peer: Peer, other: Peer, home: str) -> str:
    lonely = other if peer.pod_selector is None else peer
    return f"{peer_text(lonely, home)} of namespace {home}"


def _rest(second: PeerSite) -> Iterable[PeerSite]:
    """The entries of the rule without the second of the pair."""
    return (site for site in second.at.peers() if site.number != second.number)


def _merged_body(site: PeerSite, first: PeerSite, second: PeerSite) -> Body:
    return peer_body(merge(first.peer, second.peer) if site.number == first.number else site.peer)


RULES = (
    entry(
        and_or,
        "and-or-confusion",
        Severity.WARNING,
        "Two entries where one with both selectors may be meant",
        "Selectors in one entry must both match (AND); separate entries admit whoever matches either of them "
        "(OR), so one dash too many admits whole namespaces.",
    ),
)
