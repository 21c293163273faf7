"""Turning the policies of a picture into what a faulty network takes them for.

The rewriters take a function for one part of a policy and return one for the whole picture.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from netprobe.lab.datapath.picture import Picture
from netprobe.model.policy import (
    Direction,
    LabelSelector,
    NetworkPolicy,
    Operator,
    Peer,
    PolicyPort,
    Requirement,
    Rule,
)
from netprobe.model.topology import Pod

See = Callable[[Picture], Picture]
EVERYTHING = LabelSelector()
_SPARED = "(spared)"
"""A label that no object of a cluster can have."""


def each_policy(rewrite: Callable[[NetworkPolicy], Iterable[NetworkPolicy]]) -> See:
    """Every policy becomes any number of policies."""
    return lambda picture: replace(
        picture, policies=tuple(new for policy in picture.policies for new in rewrite(policy))
    )


def each_rule(rewrite: Callable[[Rule], Iterable[Rule]]) -> See:
    """Every rule becomes any number of rules; a policy that is left with none admits nobody."""

    def rules(policy: NetworkPolicy) -> Iterable[NetworkPolicy]:
        yield replace(
            policy,
            ingress=tuple(new for rule in policy.ingress or () for new in rewrite(rule)),
            egress=tuple(new for rule in policy.egress or () for new in rewrite(rule)),
        )

    return each_policy(rules)


def each_peer(rewrite: Callable[[Peer], Iterable[Peer]]) -> See:
    """Every peer becomes any number of peers; a rule that is left with none admits nobody."""

    def peers(rule: Rule) -> Iterable[Rule]:
        if not rule.peers:
            yield rule
        elif rewritten := tuple(new for peer in rule.peers for new in rewrite(peer)):
            yield replace(rule, peers=rewritten)

    return each_rule(peers)


def each_port(rewrite: Callable[[PolicyPort], Iterable[PolicyPort]]) -> See:
    """Every entry of ``ports`` becomes any number of them; a rule that is left with none admits nothing."""

    def ports(rule: Rule) -> Iterable[Rule]:
        if not rule.ports:
            yield rule
        elif rewritten := tuple(new for port in rule.ports for new in rewrite(port)):
            yield replace(rule, ports=rewritten)

    return each_rule(ports)


def each_selector(rewrite: Callable[[LabelSelector], LabelSelector]) -> See:
    """Every selector becomes another: those of the policies themselves, and those of their peers."""

    def maybe(selector: LabelSelector | None) -> LabelSelector | None:
        return None if selector is None else rewrite(selector)

    def peer(one: Peer) -> Iterable[Peer]:
        yield replace(
            one,
            pod_selector=maybe(one.pod_selector),
            namespace_selector=maybe(one.namespace_selector),
        )

    def policy(one: NetworkPolicy) -> Iterable[NetworkPolicy]:
        yield replace(one, pod_selector=rewrite(one.pod_selector))

    peers, policies = each_peer(peer), each_policy(policy)
    return lambda picture: policies(peers(picture))


def rules_of(policy: NetworkPolicy, direction: Direction) -> tuple[Rule, ...]:
    """The policy's rules of a direction, none when the field is absent."""
    return (policy.ingress if direction is Direction.INGRESS else policy.egress) or ()


def without_directions(policy: NetworkPolicy, *directions: Direction) -> NetworkPolicy:
    """The policy without these directions: it isolates nobody there."""
    return replace(policy, policy_types=policy.policy_types - set(directions))


def relabelled(picture: Picture, labels: Callable[[Pod], dict[str, str]]) -> Picture:
    """The picture in which each pod bears what ``labels`` gives beside its own labels."""
    pods = tuple(replace(pod, labels={**pod.labels, **labels(pod)}) for pod in picture.pods)
    return replace(picture, pods=pods)


def sparing(picture: Picture, uids: Collection[str]) -> Picture:
    """The picture in which no policy selects the pods of these UIDs; as peers they stay who they are."""
    if not uids:
        return picture
    marked = relabelled(picture, lambda pod: {_SPARED: ""} if pod.uid in uids else {})
    unmarked = Requirement(key=_SPARED, operator=Operator.DOES_NOT_EXIST)

    def pass_by(policy: NetworkPolicy) -> Iterable[NetworkPolicy]:
        selector = policy.pod_selector
        expressions = (*selector.match_expressions, unmarked)
        yield replace(policy, pod_selector=replace(selector, match_expressions=expressions))

    return each_policy(pass_by)(marked)
