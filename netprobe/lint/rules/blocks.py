"""ipBlocks that hold more than was meant."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import replace

from netprobe.lint.bodies import peer_body
from netprobe.lint.found import Found, entry
from netprobe.lint.scene import Scene
from netprobe.lint.sites import PeerSite
from netprobe.lint.wording import listed
from netprobe.lint.yaml_text import list_yaml
from netprobe.model.lint import Fix, Severity
from netprobe.model.policy import Direction, IPBlock
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import holds
from netprobe.oracle.contact import title
from netprobe.oracle.lookup import is_finished
from netprobe.oracle.ports import admits_port

_METADATA = {4: ("169.254.169.254", "169.254.169.254/32"), 6: ("fd00:ec2::254", "fd00:ec2::254/128")}
_METADATA_PORT = 80
_POD_RANGES = (
    "10.244.0.0/16",
    "10.42.0.0/16",
    "10.0.0.0/16",
    "10.1.0.0/16",
    "192.168.0.0/16",
    "172.16.0.0/16",
)
"""What kubeadm with Flannel, kind, k3s, Cilium, MicroK8s, Calico and others give to pods by default."""


def everything(scene: Scene) -> Iterator[Found]:
    """A block of all addresses without an except.

    Reference: IPBlock: it "describes a particular CIDR [...] The except entry describes CIDRs that should
    not be included within this rule". Without one the link-local address of a cloud's metadata service,
    the nodes and, on many networks, all pods are held, too.
    """
    for site, block in _blocks(scene):
        network = ipaddress.ip_network(block.cidr, strict=False)
        address, hole = _METADATA[network.version]
        if network.prefixlen > 0 or not holds(block, address):
            continue
        egress = site.at.direction is Direction.EGRESS
        reaches = egress and admits_port(site.at.rule.ports, _METADATA_PORT, Protocol.TCP, None)
        also = (
            f"the cloud's metadata service at {address}"
            if reaches
            else "pods, nodes and link-local addresses"
        )
        way = "lets pods send to" if egress else "admits"
        yield Found(
            object=site.at.key,
            place=site.place,
            path=f"{site.path}.ipBlock",
            message=f"{site.at.words} {way} every address ({block.cidr} without except), {also} included",
            severity=None if reaches else Severity.INFO,
            fix=Fix(
                advice="except what is not meant: the metadata service at least, better all private ranges",
                yaml=list_yaml(
                    site.at.peers_key,
                    [
                        peer_body(
                            replace(site.peer, ip_block=replace(block, excluded=(*block.excluded, hole)))
                        )
                    ],
                ),
            ),
        )


def holds_pods(scene: Scene) -> Iterator[Found]:
    """A block that holds addresses of pods, or of ranges that pods often have.

    Concept page, "Behavior of to and from selectors", ipBlock: "These should be cluster-external IPs,
    since Pod IPs are ephemeral and unpredictable."
    """
    known = [pod for pod in scene.inventory.topology.pods if _has_address(pod)]
    for site, block in _blocks(scene):
        if ipaddress.ip_network(block.cidr, strict=False).prefixlen == 0:
            continue
        held = [pod for pod in known if any(holds(block, ip) for ip in pod.ips)]
        ranges = [] if known else [each for each in _POD_RANGES if _overlaps(block, each)]
        if not held and not ranges:
            continue
        what = (
            f"addresses of pods ({listed(title(pod) for pod in held)})"
            if held
            else f"{listed(ranges)}, which is the pod network of many clusters"
        )
        yield Found(
            object=site.at.key,
            place=site.place,
            path=f"{site.path}.ipBlock",
            message=f"{site.at.words}: {block.cidr} holds {what}",
            severity=None if held else Severity.INFO,
            fix=Fix(
                advice=(
                    "select pods by podSelector and namespaceSelector, and let the block hold "
                    "addresses outside only"
                )
            ),
        )


def _blocks(scene: Scene) -> Iterator[tuple[PeerSite, IPBlock]]:
    for site in scene.rules():
        for peer in site.peers():
            if peer.peer.ip_block is not None:
                yield peer, peer.peer.ip_block


def _has_address(pod: Pod) -> bool:
    return bool(pod.ips) and not pod.host_network and not is_finished(pod)


def _overlaps(block: IPBlock, cidr: str) -> bool:
    """Whether the block holds most of a range of pods; a small block inside it is somebody's own choice."""
    outer, inner = ipaddress.ip_network(block.cidr, strict=False), ipaddress.ip_network(cidr)
    if not isinstance(outer, ipaddress.IPv4Network) or not isinstance(inner, ipaddress.IPv4Network):
        return False
    return inner.subnet_of(outer) and holds(block, str(inner.network_address + 1))


RULES = (
    entry(
        everything,
        "block-of-everything",
        Severity.WARNING,
        "A block of all addresses without an except",
        "0.0.0.0/0 and ::/0 mean every address, also those inside: a cloud's metadata service "
        "hands out credentials "
        "to whoever may ask it.",
    ),
    entry(
        holds_pods,
        "block-holds-pods",
        Severity.WARNING,
        "A block that holds addresses of pods",
        "Whether an ipBlock means pods is not defined: some networks admit every pod in the "
        "block, others none.",
    ),
)
