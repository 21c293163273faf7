"""kube-router, and k3s, which has it built in."""

from __future__ import annotations

from netprobe.cluster.identity.fingerprint import Fingerprint, limit
from netprobe.cluster.identity.marks import CniFile, OnNodes
from netprobe.cluster.identity.settings import Argument, NodeArgument, Setting
from netprobe.cluster.identity.workloads import Workload
from netprobe.model.identification import Enforces, Role

_LIMITS = (
    limit("denied packets are rejected (connection refused), not dropped", "icmp-varies"),
    limit(
        "a new pod is open for a second or more, and what it opened then stays open",
        "kuberouter-startup-race",
    ),
    limit("connections that are open when a policy comes stay open", "est-connections"),
    limit("the node, and what runs on its network, always reaches its pods", "node-ingress"),
)

FINGERPRINTS = (
    Fingerprint(
        name="kube-router",
        title="kube-router",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="its firewall is on unless it is told otherwise (--run-firewall)",
        proofs=(
            Workload(
                names=("kube-router",), images=("cloudnativelabs/kube-router", "k0sproject/kube-router")
            ),
            CniFile(file="10-kuberouter.conflist"),
            CniFile(file="10-kuberouter.conf"),
        ),
        settings=(
            Setting(
                reads=Argument("--run-firewall"),
                value="(?i)false|0|f",
                because="its firewall is off (--run-firewall=false)",
                enforces=Enforces.NO,
                role=Role.CNI,
                alarms=True,
            ),
            Setting(
                reads=Argument("--run-router"),
                value="(?i)false|0|f",
                because="it enforces on the network of another CNI (--run-router=false)",
                role=Role.ENFORCER,
            ),
        ),
        limits=(
            *_LIMITS,
            limit(
                "one policy with a protocol and no port stops all others (nftables)",
                "kuberouter-nft-onebad",
                before="v2.11.0",
            ),
            limit("egress policies drop IPv6 neighbour discovery", "v6-ndp-blocked", before="v2.6.0"),
            limit(
                "only one pod of several is reached by a port's name",
                "kuberouter-namedport-oneip",
                before="v2.0.0",
            ),
            limit("endPort is not supported", "kuberouter-endport-old", before="v1.3.0"),
        ),
        beside=("flannel",),
    ),
    Fingerprint(
        name="k3s",
        title="Flannel and kube-router in k3s",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="k3s enforces with kube-router's policy controller, inside its own process",
        proofs=(OnNodes("annotation", "flannel.alpha.coreos.com/backend-type"),),
        hints=(OnNodes("annotation", "flannel.alpha.coreos.com/*"),),
        settings=(
            Setting(
                reads=NodeArgument("k3s.io/node-args", "--disable-network-policy"),
                value="true",
                because="k3s was started with --disable-network-policy",
                enforces=Enforces.NO,
                role=Role.CNI,
                alarms=True,
            ),
        ),
        limits=(
            *_LIMITS,
            limit("on a kernel without ip_set nothing is enforced, on that node only", "k3s-kernel-noipset"),
            limit("rules stay after --disable-network-policy", "k3s-rules-survive"),
        ),
        platforms=("k3s", "rancher-desktop"),
        absorbs=("flannel",),
        own_version=True,
    ),
)
