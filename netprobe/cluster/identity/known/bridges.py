"""Networks without a DaemonSet of their own, concluded when nothing else was found."""

from __future__ import annotations

from netprobe.cluster.identity.fingerprint import Fingerprint, limit
from netprobe.cluster.identity.marks import CniFile, OnNodes
from netprobe.model.identification import Enforces, Role

FINGERPRINTS = (
    Fingerprint(
        name="docker-desktop",
        title="Docker Desktop's bridge",
        role=Role.CNI,
        enforces=Enforces.NO,
        because="Docker Desktop's cluster (kubeadm) enforces nothing",
        platforms=("docker-desktop",),
        last_resort=True,
        limits=(limit("policies are accepted and have no effect", "dockerdesktop-noop"),),
    ),
    Fingerprint(
        name="minikube-bridge",
        title="minikube's bridge",
        role=Role.CNI,
        enforces=Enforces.NO,
        because="minikube's bridge enforces nothing; minikube start --cni=calico does",
        platforms=("minikube",),
        last_resort=True,
        limits=(limit("policies are accepted and have no effect", "minikube-bridge-noop"),),
    ),
    Fingerprint(
        name="microk8s-flannel",
        title="Flannel in MicroK8s",
        role=Role.CNI,
        enforces=Enforces.NO,
        because="MicroK8s without its Calico runs Flannel as a service of the host, which reads no policies",
        platforms=("microk8s",),
        last_resort=True,
    ),
    Fingerprint(
        name="kubenet",
        title="kubenet",
        role=Role.CNI,
        enforces=Enforces.NO,
        because="kubenet enforces nothing by itself",
        proofs=(OnNodes("condition", "NetworkUnavailable", "RouteCreated"),),
        last_resort=True,
    ),
    Fingerprint(
        name="bridge",
        title="A plain bridge",
        role=Role.CNI,
        enforces=Enforces.NO,
        because="the bridge plugin enforces nothing",
        proofs=(CniFile(plugin="bridge"), CniFile(plugin="ptp")),
        last_resort=True,
    ),
)
