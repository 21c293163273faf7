"""Distributions and services, which tell what a CNI without a DaemonSet is."""

from __future__ import annotations

from netprobe.cluster.identity.fingerprint import PlatformPrint
from netprobe.cluster.identity.marks import (
    ContextName,
    CustomGroup,
    NamedObject,
    OnNodes,
    ServerAddress,
    ServerVersion,
)

PLATFORMS = (
    PlatformPrint(
        name="eks",
        title="Amazon EKS",
        marks=(
            ServerAddress(".eks.amazonaws.com"),
            ServerVersion("-eks-"),
            OnNodes("label", "eks.amazonaws.com/*"),
            ContextName(r".*\.eksctl\.io"),
        ),
    ),
    PlatformPrint(
        name="aks",
        title="Azure AKS",
        marks=(ServerAddress(".azmk8s.io"), OnNodes("label", "kubernetes.azure.com/cluster")),
    ),
    PlatformPrint(
        name="gke",
        title="Google GKE",
        marks=(OnNodes("label", "cloud.google.com/gke-*"), ServerVersion("-gke."), ContextName("gke_.*")),
    ),
    PlatformPrint(
        name="microshift",
        title="MicroShift",
        marks=(NamedObject("ConfigMap", "kube-public/microshift-version"),),
        above="openshift",
    ),
    PlatformPrint(
        name="openshift",
        title="OpenShift",
        marks=(CustomGroup("config.openshift.io"), OnNodes("label", "node.openshift.io/os_id")),
    ),
    PlatformPrint(
        name="rancher-desktop",
        title="Rancher Desktop",
        marks=(
            ContextName("rancher-desktop"),
            OnNodes("name", value="lima-rancher-desktop"),
            OnNodes("os-image", value="Rancher Desktop"),
        ),
        above="k3s",
    ),
    PlatformPrint(
        name="k3s",
        title="k3s",
        marks=(
            OnNodes("label", "node.kubernetes.io/instance-type", "k3s"),
            OnNodes("annotation", "k3s.io/node-args"),
            OnNodes("kubelet", value=r".*\+k3s"),
            ServerVersion("+k3s"),
        ),
    ),
    PlatformPrint(
        name="rke2",
        title="RKE2",
        marks=(
            OnNodes("label", "node.kubernetes.io/instance-type", "rke2"),
            OnNodes("annotation", "rke2.io/node-args"),
            OnNodes("kubelet", value=r".*\+rke2"),
            ServerVersion("+rke2"),
        ),
    ),
    PlatformPrint(
        name="k0s",
        title="k0s",
        marks=(
            OnNodes("label", "node.k0sproject.io/*"),
            OnNodes("kubelet", value=r".*\+k0s"),
            ServerVersion("+k0s"),
        ),
    ),
    PlatformPrint(name="microk8s", title="MicroK8s", marks=(OnNodes("label", "microk8s.io/cluster"),)),
    PlatformPrint(name="talos", title="Talos", marks=(OnNodes("os-image", value="Talos"),)),
    PlatformPrint(
        name="docker-desktop",
        title="Docker Desktop",
        marks=(
            ContextName("docker-desktop|docker-for-desktop"),
            OnNodes("name", value="docker-desktop$"),
            OnNodes("os-image", value="Docker Desktop"),
        ),
    ),
    PlatformPrint(
        name="minikube",
        title="minikube",
        marks=(OnNodes("label", "minikube.k8s.io/*"), ContextName("minikube")),
    ),
    PlatformPrint(
        name="kind",
        title="kind",
        marks=(OnNodes("provider-id", value="kind://"), ContextName("kind-.*")),
    ),
)
