"""Calico, and Canal (Calico's policies over Flannel's network)."""

from __future__ import annotations

from netprobe.cluster.identity.fingerprint import Fingerprint, limit
from netprobe.cluster.identity.marks import CniFile, CustomGroup, NamedObject, OnNodes
from netprobe.cluster.identity.settings import Setting, Variable
from netprobe.cluster.identity.workloads import Workload
from netprobe.model.identification import Enforces, Role

_LIMITS = (
    limit("connections that are open when a policy comes stay open (iptables)", "est-connections"),
    limit("a new pod has no network until Felix has programmed it", "calico-late-allow"),
    limit("an ipBlock such as 0.0.0.0/0 means pods and Services, too", "calico-ipblock-internal"),
    limit(
        "an ingress policy that is deleted may disturb egress (eBPF)",
        "calico-bpf-dir-crosstalk",
        before="v3.32.0",
    ),
    limit("a label with an empty value may go unnoticed", "calico-empty-label", before="v3.23.0"),
)

FINGERPRINTS = (
    Fingerprint(
        name="canal",
        title="Canal",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="Calico's Felix enforces, on the network of Flannel",
        proofs=(
            Workload(names=("canal", "rke2-canal"), container="calico-node"),
            Workload(images=("calico/node", "hardened-calico"), container="kube-flannel"),
            CniFile(file="10-canal.conflist"),
        ),
        hints=(
            NamedObject("HelmChart", "kube-system/rke2-canal"),
            OnNodes("annotation", "flannel.alpha.coreos.com/*"),
        ),
        limits=_LIMITS,
        absorbs=("calico", "flannel"),
    ),
    Fingerprint(
        name="calico",
        title="Calico",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="it enforces unless it is told not to",
        proofs=(
            Workload(
                names=("calico-node",),
                images=("calico/node", "mirrored-calico-node", "cc-node"),
                home="kube-system",
            ),
            Workload(names=("calico-node",), images=("calico/node",), home="calico-system"),
            CniFile(plugin="calico"),
        ),
        hints=(
            CustomGroup("crd.projectcalico.org"),
            CustomGroup("operator.tigera.io"),
            OnNodes("annotation", "projectcalico.org/*"),
            NamedObject("HelmChart", "kube-system/rke2-calico"),
        ),
        settings=(
            Setting(
                reads=Variable("CALICO_NETWORKING_BACKEND"),
                value="none",
                because="it enforces on the network of another CNI",
                role=Role.ENFORCER,
            ),
        ),
        limits=_LIMITS,
        beside=("aws-vpc-cni", "azure-cni", "gke-legacy", "flannel"),
    ),
)
