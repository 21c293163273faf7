"""Flannel, kindnet, and the enforcer that can stand beside any CNI."""

from __future__ import annotations

from netprobe.cluster.identity.fingerprint import Fingerprint, limit
from netprobe.cluster.identity.marks import CniFile, OnNodes
from netprobe.cluster.identity.settings import Argument, ImageTag, Setting
from netprobe.cluster.identity.workloads import Workload
from netprobe.model.identification import Enforces, Role

_QUEUE = limit(
    "fail-open: a packet passes while the agent is down or its queue is full", "knp-queue-overflow"
)

FINGERPRINTS = (
    Fingerprint(
        name="flannel",
        title="Flannel",
        role=Role.CNI,
        enforces=Enforces.NO,
        because="Flannel moves packets and reads no policies",
        proofs=(
            Workload(
                names=("kube-flannel-ds", "kube-flannel"),
                images=("flannel-io/flannel", "flannel/flannel", "coreos/flannel", "siderolabs/flannel"),
                home="kube-flannel",
            ),
            Workload(images=("hardened-flannel",), container="kube-flannel", home="kube-system"),
            CniFile(plugin="flannel"),
        ),
        hints=(OnNodes("annotation", "flannel.alpha.coreos.com/*"),),
        limits=(limit("policies are accepted and have no effect", "flannel-noop"),),
        beside=("calico", "cilium"),
    ),
    Fingerprint(
        name="kube-network-policies",
        title="kube-network-policies",
        role=Role.ENFORCER,
        enforces=Enforces.YES,
        because="it enforces beside any CNI",
        proofs=(
            Workload(
                names=("kube-network-policies",),
                images=("networking/kube-network-policies", "siderolabs/kube-network-policies"),
                home="kube-system",
            ),
            Workload(images=("networking/kube-network-policies",), home="kube-flannel"),
        ),
        settings=(
            Setting(
                reads=Argument("--fail-open"),
                value="false",
                because="it enforces, and shuts everything while it is down (--fail-open=false)",
            ),
        ),
        limits=(
            _QUEUE,
            limit("a pod always reaches its own node", "knp-egress-to-own-node", before="v1.1.0"),
            limit("egress policies drop IPv6 neighbour discovery", "v6-ndp-blocked", before="v0.5.0"),
        ),
    ),
    Fingerprint(
        name="kindnet",
        title="kindnet",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="kindnetd enforces since kind v0.24.0",
        proofs=(
            Workload(names=("kindnet",), images=("kindest/kindnetd", "aojea/kindnetd", "aojea/kindnet")),
            CniFile(file="10-kindnet.conflist"),
        ),
        settings=(
            Setting(
                reads=ImageTag("kindest/kindnetd"),
                before="v20240723",
                because="kindnetd of kind v0.23.0 and older reads no policies",
                enforces=Enforces.NO,
                role=Role.CNI,
                alarms=True,
            ),
        ),
        limits=(
            _QUEUE,
            limit("only new connections are judged", "est-connections"),
            limit("on kernels without nft queues (WSL2) policies have no effect", "kindnet-wsl2-failopen"),
            limit("a new pod is open until its address is in the API", "kindnet-startup"),
            limit("DNS may be slow for pods that policies select", "kindnet-dns-race"),
        ),
    ),
)
