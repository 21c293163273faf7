"""What policies say twice: whole policies and single rules that could go without any effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from netprobe.lint.covering import covers, covers_peer, covers_port, is_impossible
from netprobe.lint.scene import Scene
from netprobe.lint.sites import RuleSite, sites_of
from netprobe.model.policy import Direction, NetworkPolicy, Peer, PolicyPort

Pair = tuple[Peer | None, PolicyPort | None]
"""One peer and one port of a rule; None is everybody, or every port."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Superfluous:
    """What can go, all of it at once, each with what says the same."""

    duplicates: tuple[tuple[NetworkPolicy, NetworkPolicy], ...] = ()
    policies: tuple[tuple[NetworkPolicy, tuple[NetworkPolicy, ...]], ...] = ()
    rules: tuple[tuple[RuleSite, tuple[RuleSite, ...]], ...] = ()


def find_superfluous(scene: Scene) -> Superfluous:
    """Find what can go. Of several that say the same, the first stays."""
    by_home: dict[str, list[NetworkPolicy]] = defaultdict(list)
    for policy in scene.policies:
        if not is_impossible(policy.pod_selector):
            by_home[policy.namespace].append(policy)
    found = [_in_namespace(policies) for policies in by_home.values()]
    return Superfluous(
        duplicates=tuple(each for part in found for each in part.duplicates),
        policies=tuple(each for part in found for each in part.policies),
        rules=tuple(each for part in found for each in part.rules),
    )


def _in_namespace(policies: Sequence[NetworkPolicy]) -> Superfluous:
    """Take away what can go, from the last to the first: so what is told can go all at once."""
    kept: list[NetworkPolicy] = []
    duplicates: list[tuple[NetworkPolicy, NetworkPolicy]] = []
    for policy in policies:
        twin = next((other for other in kept if _same(policy, other)), None)
        if twin is None:
            kept.append(policy)
        else:
            duplicates.append((policy, twin))
    whole: list[tuple[NetworkPolicy, tuple[NetworkPolicy, ...]]] = []
    for policy in reversed(list(kept)):
        others = [other for other in kept if other is not policy]
        instead = _instead_of(policy, others)
        if instead:
            kept.remove(policy)
            whole.append((policy, instead))
    rules = list(_rules([site for policy in kept for site in sites_of(policy)]))
    return Superfluous(
        duplicates=tuple(duplicates), policies=tuple(reversed(whole)), rules=tuple(reversed(rules))
    )


def _same(one: NetworkPolicy, other: NetworkPolicy) -> bool:
    """Whether both select the same and say the same."""
    return (
        one.pod_selector == other.pod_selector
        and one.policy_types == other.policy_types
        and list(_told(one)) == list(_told(other))
    )


def _told(policy: NetworkPolicy) -> Iterator[object]:
    """What the rules that count say, without where they stand."""
    for site in sites_of(policy):
        yield site.direction, site.rule


def _instead_of(policy: NetworkPolicy, others: Sequence[NetworkPolicy]) -> tuple[NetworkPolicy, ...]:
    """Return the policies that do all that ``policy`` does, () when something would be missing.

    One without rules is never superfluous: a deny-all is meant to stay when the others go.
    """
    sites = list(sites_of(policy))
    if not sites:
        return ()
    instead: list[NetworkPolicy] = []
    for direction in policy.policy_types:
        isolating = [o for o in others if _holds_for(o, policy, direction)]
        if not isolating:
            return ()
        instead.append(isolating[0])
    rules = [site for other in others for site in sites_of(other)]
    for site in sites:
        covering = _covering(site, rules)
        if not covering:
            return ()
        instead += [each.policy for each in covering]
    return tuple({id(each): each for each in instead}.values())


def _rules(sites: Sequence[RuleSite]) -> Iterator[tuple[RuleSite, tuple[RuleSite, ...]]]:
    kept = list(sites)
    for site in reversed(sites):
        others = [other for other in kept if other is not site]
        covering = _covering(site, others)
        # A rule that admits everything has a finding of its own, which says what it makes pointless.
        if covering and not any(is_open(each) for each in covering):
            kept.remove(site)
            yield site, covering


def is_open(site: RuleSite) -> bool:
    """Whether a rule admits everybody on every port."""
    return not site.rule.peers and not site.rule.ports


def _covering(site: RuleSite, rules: Iterable[RuleSite]) -> tuple[RuleSite, ...]:
    """Return rules that together admit all that ``site`` admits for its pods, () when there are none."""
    if any(_is_void(peer) for peer in site.rule.peers or ()):
        return ()
    fitting = [each for each in rules if _applies(each, site)]
    covering: list[RuleSite] = []
    for pair in _pairs(site):
        found = next((each for each in fitting if _admits(each, pair)), None)
        if found is None:
            return ()
        covering.append(found)
    return tuple({id(each): each for each in covering}.values())


def _is_void(peer: Peer) -> bool:
    return any(s is not None and is_impossible(s) for s in (peer.pod_selector, peer.namespace_selector))


def _applies(rule: RuleSite, site: RuleSite) -> bool:
    return rule.direction is site.direction and _holds_for(rule.policy, site.policy, site.direction)


def _holds_for(wide: NetworkPolicy, narrow: NetworkPolicy, direction: Direction) -> bool:
    """Whether ``wide`` is about every pod that ``narrow`` is about, both of one namespace."""
    return direction in wide.policy_types and covers(wide.pod_selector, narrow.pod_selector)


def _pairs(site: RuleSite) -> Iterator[Pair]:
    for peer in site.rule.peers or (None,):
        for port in site.rule.ports or (None,):
            yield peer, port


def _admits(site: RuleSite, pair: Pair) -> bool:
    peer, port = pair
    by_port = any(covers_port(each, port) for each in site.rule.ports or (None,))
    if not by_port or not site.rule.peers:
        return by_port
    home = site.policy.namespace
    return peer is not None and any(covers_peer(each, peer, home) for each in site.rule.peers)
