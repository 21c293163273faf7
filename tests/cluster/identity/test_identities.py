"""Every identity of the lab is identified as itself, and as nothing else."""

from __future__ import annotations

import pytest

from netprobe.cluster.identity.identify import identify
from netprobe.lab.cluster.identities.table import IDENTITIES
from netprobe.lab.datapath.profiles import ENFORCING, NONE

KNOWN = {
    "aks-azure": ("aks", "azure-npm azure-cni", "yes"),
    "aks-calico": ("aks", "calico azure-cni", "yes"),
    "aks-cilium": ("aks", "cilium azure-cni", "yes"),
    "aks-none": ("aks", "azure-cni", "no"),
    "antrea": ("", "antrea", "yes"),
    "calico": ("", "calico", "yes"),
    "calico-operator": ("", "calico", "yes"),
    "canal": ("", "canal", "yes"),
    "cilium": ("", "cilium", "yes"),
    "cilium-never": ("", "cilium", "no"),
    "docker-desktop": ("docker-desktop", "docker-desktop", "no"),
    "eks-auto": ("eks", "eks-auto", "by-setting"),
    "eks-calico": ("eks", "calico aws-vpc-cni", "yes"),
    "eks-off": ("eks", "aws-vpc-cni", "no"),
    "eks-on": ("eks", "aws-vpc-cni", "yes"),
    "flannel": ("", "flannel", "no"),
    "flannel-netpol": ("", "flannel kube-network-policies", "yes"),
    "gke-calico": ("gke", "calico gke-legacy", "yes"),
    "gke-dataplane-v2": ("gke", "gke-dataplane-v2", "yes"),
    "gke-legacy": ("gke", "gke-legacy", "no"),
    "k0s": ("k0s", "kube-router", "yes"),
    "k3s": ("k3s", "k3s", "yes"),
    "k3s-no-policy": ("k3s", "k3s", "no"),
    "kindnet": ("kind", "kindnet", "yes"),
    "kindnet-old": ("kind", "kindnet", "no"),
    "kube-network-policies": ("", "kube-network-policies kubenet", "yes"),
    "kube-router": ("", "kube-router", "yes"),
    "kube-router-no-firewall": ("", "kube-router", "no"),
    "kubenet": ("", "kubenet", "no"),
    "microk8s": ("microk8s", "calico", "yes"),
    "microk8s-flannel": ("microk8s", "microk8s-flannel", "no"),
    "microshift": ("microshift", "ovn-kubernetes", "yes"),
    "minikube": ("minikube", "minikube-bridge", "no"),
    "openshift": ("openshift", "ovn-kubernetes", "yes"),
    "ovn-kubernetes": ("", "ovn-kubernetes", "yes"),
    "rancher-desktop": ("rancher-desktop", "k3s", "yes"),
    "rke2": ("rke2", "canal", "yes"),
    "romana": ("", "romana", "yes"),
    "talos": ("talos", "flannel", "no"),
    "weave": ("", "weave", "yes"),
}
"""Identity → platform, what is found, whether it should enforce."""

ALARMING = {"cilium-never", "eks-off", "k3s-no-policy", "kindnet-old", "kube-router-no-firewall"}
"""Those whose enforcement is switched off, or too old to be there; all others are beyond suspicion."""


def test_every_identity_is_listed_here():
    assert set(KNOWN) == set(IDENTITIES)


@pytest.mark.parametrize("name", KNOWN)
def test_an_identity_is_found_as_itself_and_as_nothing_else(name, signs_of):
    platform, found, enforces = KNOWN[name]
    seen = identify(signs_of(name))
    assert " ".join(each.name for each in seen.platforms) == platform
    assert " ".join(each.name for each in seen.found) == found
    assert seen.enforces.value == enforces
    assert all(each.evidence for each in seen.found if not each.name.startswith(("docker", "gke-l", "m")))
    assert bool(seen.warnings) is (name in ALARMING), seen.warnings


@pytest.mark.parametrize("name", KNOWN)
def test_the_lab_enforces_behind_an_identity_when_it_should_by_its_look(name):
    wanted = ENFORCING if KNOWN[name][2] == "yes" else NONE
    assert IDENTITIES[name].profile == wanted.name


def test_a_lab_without_an_identity_is_unknown(signs_of):
    seen = identify(signs_of(""))
    assert (seen.found, seen.platforms, seen.enforces.value) == ((), (), "unknown")
