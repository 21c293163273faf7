"""Faults of ipBlocks and their exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network

from netprobe.lab.datapath.addresses import address_set
from netprobe.lab.datapath.faults.rewriting import each_peer, each_policy, rules_of
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Profile
from netprobe.lab.datapath.rules import Allowance, NodeRules
from netprobe.model.policy import Direction, NetworkPolicy, Peer, Rule


def _blocks_ignored(peer: Peer) -> Iterator[Peer]:
    if peer.ip_block is None:
        yield peer


def _exceptions_ignored(peer: Peer) -> Iterator[Peer]:
    block = peer.ip_block
    yield peer if block is None else replace(peer, ip_block=replace(block, excluded=()))


def _exceptions_disable_blocks(peer: Peer) -> Iterator[Peer]:
    if peer.ip_block is None or not peer.ip_block.excluded:
        yield peer


def _exceptions_deny(rules: NodeRules, picture: Picture) -> NodeRules:
    """Whatever some rule excepts is dropped on that rule's ports, before any rule may admit it."""
    del picture

    def denied_first(allowances: Sequence[Allowance] | None) -> tuple[Allowance, ...] | None:
        if allowances is None:
            return None
        denials = (
            replace(one, peers=address_set((), one.excepted), denies=True)
            for one in allowances
            if one.excepted
        )
        return (*denials, *allowances)

    pods = tuple(
        replace(pod, ingress=denied_first(pod.ingress), egress=denied_first(pod.egress)) for pod in rules.pods
    )
    return replace(rules, pods=pods)


def _last_rule_for_a_block(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
    """Blocks are kept by their network, so the last rule with one takes it from the others."""

    def taken(rules: Sequence[Rule]) -> tuple[Rule, ...]:
        owners: dict[IPv4Network | IPv6Network, int] = {}
        for number, rule in enumerate(rules):
            blocks = (one.ip_block for one in rule.peers or () if one.ip_block is not None)
            owners |= {ip_network(block.cidr, strict=False): number for block in blocks}
        left = []
        for number, rule in enumerate(rules):
            peers = tuple(
                one
                for one in rule.peers or ()
                if one.ip_block is None or owners[ip_network(one.ip_block.cidr, strict=False)] == number
            )
            if peers or not rule.peers:
                left.append(replace(rule, peers=peers or rule.peers))
        return tuple(left)

    yield replace(
        policy,
        ingress=taken(rules_of(policy, Direction.INGRESS)),
        egress=taken(rules_of(policy, Direction.EGRESS)),
    )


def _blocks_mean_no_node(rules: NodeRules, picture: Picture) -> NodeRules:
    """A pod isolated for egress has no rule that any node could be meant by."""
    isolated = ", ".join(pod.address for pod in rules.pods if pod.egress is not None)
    nodes = ", ".join(node.address for node in picture.nodes)
    shut = f"ip saddr {{ {isolated} }} ip daddr {{ {nodes} }} drop"
    return replace(rules, shortcuts=(*rules.shortcuts, shut)) if isolated and nodes else rules


BLOCKS = (
    Profile(
        name="ipblock-ignored",
        description="ipBlocks admit nobody.",
        cites=("single-family-engines",),
        see=each_peer(_blocks_ignored),
    ),
    Profile(
        name="blocks-mean-no-node",
        description="The ipBlocks of egress rules admit no node.",
        cites=("cilium-ipblock-node",),
        enforce=_blocks_mean_no_node,
    ),
    Profile(
        name="except-ignored",
        description="The exceptions of an ipBlock are admitted, too.",
        cites=("eks-pod-missing-probes", "windows-npm-gaps", "azure-npm-lite-cidr"),
        see=each_peer(_exceptions_ignored),
    ),
    Profile(
        name="except-disables-ipblock",
        description="An ipBlock with exceptions admits nobody.",
        cites=("windows-npm-gaps",),
        see=each_peer(_exceptions_disable_blocks),
    ),
    Profile(
        name="last-rule-for-a-block",
        description="A block of addresses counts in the last rule that has it.",
        cites=("hostbits-cidr",),
        see=each_policy(_last_rule_for_a_block),
    ),
    Profile(
        name="except-as-deny",
        description="The exceptions of an ipBlock are denied, even where another rule admits them.",
        cites=("ovn-except-as-deny", "kuberouter-nft-except", "antrea-overlap-cidr"),
        enforce=_exceptions_deny,
    ),
)
