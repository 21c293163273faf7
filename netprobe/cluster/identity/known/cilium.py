"""Cilium, and what is built on it."""

from __future__ import annotations

from netprobe.cluster.identity.fingerprint import Fingerprint, limit
from netprobe.cluster.identity.marks import CniFile, CustomGroup, NamedObject, OnNodes
from netprobe.cluster.identity.settings import ConfigKey, Setting
from netprobe.cluster.identity.workloads import Workload
from netprobe.model.identification import Enforces, Role

_CONFIG = "kube-system/cilium-config"
_LIMITS = (
    limit("an ipBlock does not select pods (opt-out: policyCIDRMatchMode)", "cilium-ipblock-pod"),
    limit("an ipBlock does not match nodes", "cilium-ipblock-node", before="1.15"),
    limit("endPort is ignored", "cilium-endport", before="1.16"),
    limit("SCTP must be switched on", "sctp-gaps"),
    limit(
        "pods that started before the agent, and hostNetwork pods, are not covered", "cilium-unmanaged-pods"
    ),
    limit("open connections are cut when a policy comes", "est-connections"),
)

FINGERPRINTS = (
    Fingerprint(
        name="gke-dataplane-v2",
        title="GKE Dataplane V2",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="Dataplane V2 (Cilium's dataplane) always enforces",
        proofs=(Workload(names=("anetd",)),),
        limits=_LIMITS[:1],
        absorbs=("cilium",),
    ),
    Fingerprint(
        name="cilium",
        title="Cilium",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="it enforces unless it is told not to",
        proofs=(
            Workload(
                names=("cilium",), images=("cilium/cilium", "mirrored-cilium-cilium"), home="kube-system"
            ),
            Workload(names=("cilium",), images=("cilium/cilium",), home="cilium"),
            CniFile(plugin="cilium-cni"),
        ),
        hints=(
            CustomGroup("cilium.io"),
            NamedObject("ConfigMap", _CONFIG),
            OnNodes("taint", "node.cilium.io/agent-not-ready"),
            OnNodes("label", "kubernetes.azure.com/ebpf-dataplane", "cilium"),
            NamedObject("HelmChart", "kube-system/rke2-cilium"),
        ),
        settings=(
            Setting(
                reads=ConfigKey(_CONFIG, "enable-policy"),
                value="never",
                because="policyEnforcementMode is never, so all policies are ignored",
                enforces=Enforces.NO,
                alarms=True,
            ),
            Setting(
                reads=ConfigKey(_CONFIG, "enable-k8s-networkpolicy"),
                value="false",
                because="it is told not to read NetworkPolicies, only its own kinds",
                enforces=Enforces.NO,
                alarms=True,
            ),
            Setting(
                reads=ConfigKey(_CONFIG, "cni-chaining-mode"),
                value="(?!none).+",
                because="it is chained to another CNI and enforces for pods that started after it",
                role=Role.ENFORCER,
            ),
        ),
        limits=_LIMITS,
        absorbs=(),
        beside=("aws-vpc-cni", "azure-cni", "flannel"),
    ),
)
