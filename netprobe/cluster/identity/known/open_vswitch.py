"""CNIs that program Open vSwitch: Antrea, OVN-Kubernetes."""

from __future__ import annotations

from netprobe.cluster.identity.fingerprint import Fingerprint, limit
from netprobe.cluster.identity.marks import CniFile, CustomGroup
from netprobe.cluster.identity.settings import ConfigKey, Setting
from netprobe.cluster.identity.workloads import Workload
from netprobe.model.identification import Enforces, Role

FINGERPRINTS = (
    Fingerprint(
        name="antrea",
        title="Antrea",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="it always enforces NetworkPolicies",
        proofs=(
            Workload(
                names=("antrea-agent",),
                images=("antrea/antrea-agent-ubuntu", "antrea/antrea-agent-ubi", "antrea/antrea-ubuntu"),
            ),
            CniFile(plugin="antrea"),
        ),
        hints=(
            Workload(names=("antrea-controller",), kind="Deployment"),
            CustomGroup("crd.antrea.io"),
        ),
        settings=(
            Setting(
                reads=ConfigKey("kube-system/antrea-config", "antrea-agent.conf", "trafficEncapMode"),
                value="networkPolicyOnly",
                because="it enforces on the network of another CNI (networkPolicyOnly)",
                role=Role.ENFORCER,
            ),
        ),
        limits=(
            limit("connections that are open when a policy comes stay open", "est-connections"),
            limit(
                "packets pass before policies are there, after a restart of the agent",
                "antrea-restart",
                before="v1.12.3",
            ),
            limit("ingress between pods of one node is not judged", "antrea-intranode", before="v1.7.0"),
            limit(
                "a policy that is deleted goes on while one of its name exists elsewhere",
                "antrea-delete-samename",
                before="v1.10.1",
            ),
            limit(
                "the labels of a pod that has ended still own its address",
                "completed-ip-reuse",
                before="v2.1.0",
            ),
        ),
        beside=("aws-vpc-cni", "azure-cni", "gke-legacy"),
    ),
    Fingerprint(
        name="ovn-kubernetes",
        title="OVN-Kubernetes",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="it always enforces NetworkPolicies",
        proofs=(
            Workload(names=("ovnkube-node",), home="openshift-ovn-kubernetes"),
            Workload(
                names=("ovnkube-node",), images=("ovn-kube-ubuntu", "ovn-kube-fedora"), home="ovn-kubernetes"
            ),
            CniFile(plugin="ovn-k8s-cni-overlay"),
        ),
        hints=(CustomGroup("k8s.ovn.org"),),
        limits=(
            limit(
                "a namespaceSelector alone leaves out pods on the host's network", "ovn-ns-vs-nspod-hostnet"
            ),
            limit("a pod that was missed waits 30 s", "ovn-retry-30s", before="v1.3.0"),
        ),
    ),
    Fingerprint(
        name="openshift-sdn",
        title="OpenShift SDN",
        role=Role.BOTH,
        enforces=Enforces.BY_SETTING,
        because="it enforces in its NetworkPolicy mode, and not in its Subnet and Multitenant modes",
        proofs=(Workload(names=("sdn",), home="openshift-sdn"), CniFile(plugin="openshift-sdn")),
    ),
)
