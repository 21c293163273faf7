"""From the picture of a cluster to the nft script of each of its nodes."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.lab.datapath.picture import NodeAddress, Picture
from netprobe.lab.datapath.policies import PolicyCompiler
from netprobe.lab.datapath.profile import Profile
from netprobe.lab.datapath.profiles import ENFORCING
from netprobe.lab.datapath.render import render
from netprobe.lab.datapath.rules import NodeRules, PodRules
from netprobe.model.policy import Direction


def compile_nodes(picture: Picture, profile: Profile = ENFORCING) -> Mapping[str, str]:
    """The complete nft script of every node of the picture, by node name.

    The picture is what the agent goes by; the profile's ``live`` is not asked.
    """
    seen = profile.see(picture)
    compiler = PolicyCompiler(seen)
    return {
        node.name: render(profile.enforce(_node_rules(seen, compiler, node), seen)) for node in seen.nodes
    }


def compile_node(picture: Picture, node: str, profile: Profile = ENFORCING) -> str:
    """The complete nft script of one node; raises KeyError when the picture has no such node."""
    return compile_nodes(picture, profile)[node]


def _node_rules(picture: Picture, compiler: PolicyCompiler, node: NodeAddress) -> NodeRules:
    """The node's own share: rules of its pods, and every Service.

    Only while there are policies, pods that the rules do not know yet are shut off: handled
    policies must isolate a new pod before its first packet, while allowances may come later.
    """
    local = [(pod, address) for pod, address in compiler.pods if pod.node == node.name]
    backends = {address for frontend in picture.frontends for address, _ in frontend.backends}
    return NodeRules(
        node=node.name,
        address=node.address,
        pod_cidr=node.pod_cidr,
        guarded=node.pod_cidr if picture.policies else "",
        pods=tuple(
            PodRules(
                address=str(address),
                ingress=compiler.allowances(pod, Direction.INGRESS),
                egress=compiler.allowances(pod, Direction.EGRESS),
            )
            for pod, address in local
        )
        if picture.policies
        else (),
        hairpins=tuple(str(address) for _, address in local if str(address) in backends),
        frontends=picture.frontends,
        cluster_ips=picture.cluster_ips,
    )
