"""Faults of the peers of rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.lab.datapath.faults.rewriting import EVERYTHING, each_peer, each_policy, each_rule, rules_of
from netprobe.lab.datapath.profile import Profile
from netprobe.model.policy import Direction, NetworkPolicy, Peer, Rule


def _peers_ignored(rule: Rule) -> Iterator[Rule]:
    yield replace(rule, peers=None)


def _is_double(peer: Peer) -> bool:
    return peer.pod_selector is not None and peer.namespace_selector is not None


def _selectors_ored(peer: Peer) -> Iterator[Peer]:
    """Two list entries instead of one, as if a dash stood before the second selector."""
    if _is_double(peer):
        yield Peer(namespace_selector=peer.namespace_selector)
        yield Peer(pod_selector=peer.pod_selector)
    else:
        yield peer


def _pods_ignored(peer: Peer) -> Iterator[Peer]:
    yield replace(peer, pod_selector=None) if _is_double(peer) else peer


def _namespaces_ignored(peer: Peer) -> Iterator[Peer]:
    yield replace(peer, namespace_selector=EVERYTHING) if _is_double(peer) else peer


def _namespaces_mean_nobody(peer: Peer) -> Iterator[Peer]:
    if peer.namespace_selector is None:
        yield peer


def _pods_of_every_namespace(peer: Peer) -> Iterator[Peer]:
    alone = peer.pod_selector is not None and peer.namespace_selector is None
    yield replace(peer, namespace_selector=EVERYTHING) if alone else peer


def _first_peer_only(rule: Rule) -> Iterator[Rule]:
    yield rule if rule.peers is None else replace(rule, peers=rule.peers[:1])


def _same_selector_opens(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    own = Peer(pod_selector=policy.pod_selector)
    ingress = tuple(
        replace(rule, peers=None) if own in (rule.peers or ()) else rule
        for rule in rules_of(policy, Direction.INGRESS)
    )
    yield replace(policy, ingress=ingress)


PEERS = (
    Profile(
        name="peers-ignored",
        description="Rules admit everybody on their ports.",
        cites=("eks-unsupported-dropped",),
        see=each_rule(_peers_ignored),
    ),
    Profile(
        name="peers-ored",
        description="Two selectors of one peer mean either instead of both.",
        cites=("weave-ns-and-pod",),
        see=each_peer(_selectors_ored),
    ),
    Profile(
        name="pods-ignored-beside-namespaces",
        description="Beside a namespaceSelector, the podSelector is ignored.",
        cites=("weave-ns-and-pod",),
        see=each_peer(_pods_ignored),
    ),
    Profile(
        name="namespaces-ignored-beside-pods",
        description="Beside a podSelector, the namespaceSelector is ignored: any namespace does.",
        cites=("weave-ns-and-pod", "ovn-ns-label-change"),
        see=each_peer(_namespaces_ignored),
    ),
    Profile(
        name="namespace-selectors-ignored",
        description="A peer with a namespaceSelector admits nobody.",
        cites=("azure-ns-empty",),
        see=each_peer(_namespaces_mean_nobody),
    ),
    Profile(
        name="pod-selectors-cross-namespaces",
        description="A podSelector alone means pods of every namespace.",
        cites=("aws-podid-collision",),
        see=each_peer(_pods_of_every_namespace),
    ),
    Profile(
        name="first-peer-only",
        description="Of the peers of a rule, the first counts.",
        cites=("antrea-two-egress",),
        see=each_rule(_first_peer_only),
    ),
    Profile(
        name="same-selector-opens",
        description="Ingress from the very pods that a policy selects is ingress from everybody.",
        cites=("weave-same-selectors",),
        see=each_policy(_same_selector_opens),
    ),
)
