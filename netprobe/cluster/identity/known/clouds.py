"""The CNIs of EKS, AKS and GKE, and what enforces there."""

from __future__ import annotations

from netprobe.cluster.identity.fingerprint import Fingerprint, limit
from netprobe.cluster.identity.marks import CniFile, CustomGroup, NamedObject, OnNodes
from netprobe.cluster.identity.settings import Argument, ConfigKey, ContainerNamed, NodeLabel, Setting
from netprobe.cluster.identity.workloads import Workload
from netprobe.model.identification import Enforces, Role

_VPC_CONFIG = "kube-system/amazon-vpc-cni"
_CONTROLLER = ConfigKey(_VPC_CONFIG, "enable-network-policy-controller")
_EKS_LIMITS = (
    limit("its agents get policies only from the controller in EKS' control plane", "eks-default-off"),
    limit("in standard mode a new pod is open for 1 to 5 s (strict mode: shut)", "aws-standard-race"),
    limit("pods that no Deployment or the like owns are not covered", "eks-standalone-pod"),
    limit("Fargate and Windows nodes are not covered", "eks-fargate-windows-gpu"),
    limit("the bandwidth plugin beside it breaks enforcement", "eks-bandwidth-conflict"),
    limit("a policy with an unsupported part is not enforced at all", "eks-unsupported-dropped"),
    limit("at most 24 combinations of port and protocol for one CIDR", "aws-24-combos"),
    limit("by a Service, its port must equal the container's", "aws-svc-port-mismatch"),
    limit("only one IP family is judged", "single-family-engines"),
)

FINGERPRINTS = (
    Fingerprint(
        name="aws-vpc-cni",
        title="Amazon VPC CNI",
        role=Role.BOTH,
        enforces=Enforces.BY_SETTING,
        because="its policy agent is there; whether it is switched on could not be seen",
        proofs=(Workload(names=("aws-node",), images=("amazon-k8s-cni",)), CniFile(plugin="aws-cni")),
        hints=(
            CustomGroup("networking.k8s.aws"),
            CustomGroup("vpcresources.k8s.aws"),
            NamedObject("ConfigMap", _VPC_CONFIG),
        ),
        settings=(
            Setting(
                reads=ContainerNamed("aws-eks-nodeagent"),
                because="its policy agent (container aws-eks-nodeagent, since v1.14) is not there",
                enforces=Enforces.NO,
                role=Role.CNI,
            ),
            Setting(
                reads=Argument("--enable-network-policy"),
                value="false",
                because="its policy agent is there and switched off, which is the default",
                enforces=Enforces.NO,
                role=Role.CNI,
                alarms=True,
            ),
            Setting(
                reads=_CONTROLLER,
                value="false",
                because="its policy controller is switched off (ConfigMap amazon-vpc-cni)",
                enforces=Enforces.NO,
                role=Role.CNI,
                alarms=True,
            ),
            Setting(
                reads=Argument("--enable-network-policy"),
                value="true",
                because="its policy agent is switched on",
                enforces=Enforces.YES,
            ),
        ),
        limits=_EKS_LIMITS,
        beside=("calico", "cilium", "antrea"),
    ),
    Fingerprint(
        name="eks-auto",
        title="Amazon VPC CNI of EKS Auto Mode",
        role=Role.BOTH,
        enforces=Enforces.BY_SETTING,
        because="Auto Mode enforces once ConfigMap amazon-vpc-cni says enable-network-policy-controller",
        proofs=(OnNodes("label", "eks.amazonaws.com/compute-type", "auto"),),
        hints=(CustomGroup("networking.k8s.aws"), CustomGroup("vpcresources.k8s.aws")),
        settings=(
            Setting(
                reads=_CONTROLLER,
                value="true",
                because="its policy controller is switched on (ConfigMap amazon-vpc-cni)",
                enforces=Enforces.YES,
            ),
            Setting(
                reads=_CONTROLLER,
                value=".*",
                because="its policy controller is off (ConfigMap amazon-vpc-cni)",
                enforces=Enforces.NO,
                alarms=True,
            ),
        ),
        limits=(limit("off by default", "eks-automode-off"), *_EKS_LIMITS),
        beside=("aws-vpc-cni",),
    ),
    Fingerprint(
        name="azure-npm",
        title="Azure Network Policy Manager",
        role=Role.ENFORCER,
        enforces=Enforces.YES,
        because="it enforces on the network of Azure CNI",
        proofs=(
            Workload(
                names=("azure-npm", "azure-npm-win"), images=("azure-npm", "containernetworking/azure-npm")
            ),
        ),
        hints=(OnNodes("label", "kubernetes.azure.com/network-policy", "azure"),),
        limits=(
            limit("no IPv6", "single-family-engines"),
            limit("not beyond 250 nodes or 20,000 pods", "npm-scale"),
            limit("an edited policy may leave old rules for some 15 s", "azure-npm-except-edit"),
            limit("on Windows no port names, SCTP, NotIn, DoesNotExist or except", "windows-npm-gaps"),
            limit("a port name may admit other ports", "azure-npm-namedport", before="v1.1.1"),
        ),
    ),
    Fingerprint(
        name="azure-cni",
        title="Azure CNI",
        role=Role.CNI,
        enforces=Enforces.NO,
        because="Azure CNI enforces nothing itself: AKS does with the option azure, calico or cilium",
        proofs=(
            Workload(names=("azure-cns",), images=("azure-cns",)),
            CniFile(plugin="azure-vnet"),
            OnNodes("label", "kubernetes.azure.com/azure-cni-overlay", "true"),
            OnNodes("label", "kubernetes.azure.com/podnetwork-type"),
        ),
        settings=(
            Setting(
                reads=NodeLabel("kubernetes.azure.com/network-policy"),
                value="none",
                because="the cluster was made with network policy none",
                enforces=Enforces.NO,
            ),
        ),
        beside=("calico", "cilium", "antrea"),
    ),
    Fingerprint(
        name="gke-legacy",
        title="GKE's routes",
        role=Role.CNI,
        enforces=Enforces.NO,
        because="without Dataplane V2 and without the Calico add-on GKE enforces nothing",
        platforms=("gke",),
        last_resort=True,
        beside=("calico",),
    ),
)
