"""Faults of single nodes, and of the ways between pods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Profile
from netprobe.lab.datapath.rules import Allowance, NodeRules


def _dead_node(rules: NodeRules, picture: Picture) -> NodeRules:
    return replace(rules, pods=(), guarded="") if _is_last(rules, picture) else rules


def _shut_node(rules: NodeRules, picture: Picture) -> NodeRules:
    """A pod that a policy isolates is isolated for good: its allowances never arrive."""
    if not _is_last(rules, picture):
        return rules

    def nothing(allowances: Sequence[Allowance] | None) -> tuple[Allowance, ...] | None:
        return None if allowances is None else ()

    pods = (replace(pod, ingress=nothing(pod.ingress), egress=nothing(pod.egress)) for pod in rules.pods)
    return replace(rules, pods=tuple(pods))


def _is_last(rules: NodeRules, picture: Picture) -> bool:
    return rules.node == picture.nodes[-1].name


def _same_node_open(rules: NodeRules, picture: Picture) -> NodeRules:
    del picture
    own = rules.pod_cidr
    return replace(rules, shortcuts=(*rules.shortcuts, f"ip saddr {own} ip daddr {own} accept"))


def _cross_node_open(rules: NodeRules, picture: Picture) -> NodeRules:
    others = ", ".join(_other_cidrs(rules, picture))
    if not others:
        return rules
    own = rules.pod_cidr
    out = f"ip saddr {own} ip daddr {{ {others} }} accept"
    back = f"ip saddr {{ {others} }} ip daddr {own} accept"
    return replace(rules, shortcuts=(*rules.shortcuts, out, back))


def _other_cidrs(rules: NodeRules, picture: Picture) -> Sequence[str]:
    return [node.pod_cidr for node in picture.nodes if node.name != rules.node]


def _remote_peers_unknown(rules: NodeRules, picture: Picture) -> NodeRules:
    """Ingress rules know the pods of their own node alone."""
    local = {pod.ips[0] for pod in picture.pods if pod.ips and pod.node == rules.node}

    def known(allowance: Allowance) -> Allowance:
        if allowance.peers is None:
            return allowance
        addresses = tuple(one for one in allowance.peers.addresses if one in local)
        return replace(allowance, peers=replace(allowance.peers, addresses=addresses))

    pods = (
        replace(pod, ingress=None if pod.ingress is None else tuple(map(known, pod.ingress)))
        for pod in rules.pods
    )
    return replace(rules, pods=tuple(pods))


NODES = (
    Profile(
        name="dead-node",
        description="The last node enforces nothing.",
        cites=("k3s-kernel-noipset", "iptables-backend-mix", "kindnet-wsl2-failopen"),
        enforce=_dead_node,
    ),
    Profile(
        name="shut-node",
        description="The last node isolates its pods and lacks every allowance.",
        cites=("ovn-master-restart",),
        enforce=_shut_node,
    ),
    Profile(
        name="same-node-open",
        description="Flows between pods of one node pass unfiltered.",
        cites=("antrea-intranode",),
        enforce=_same_node_open,
    ),
    Profile(
        name="cross-node-open",
        description="Flows between pods of different nodes pass unfiltered.",
        cites=("weave-remote-pods",),
        enforce=_cross_node_open,
    ),
    Profile(
        name="remote-peers-unknown",
        description="Selectors of ingress rules find the pods of the same node alone.",
        cites=("weave-remote-pods", "masquerade-all"),
        enforce=_remote_peers_unknown,
    ),
)
