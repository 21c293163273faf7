"""Variants of CNIs, several at once, and what should make one doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.cluster.identity.identify import identify
from netprobe.model.identification import Enforces, Role

CALICO = "calico-node=quay.io/calico/node:v3.31.0"
KINDNET = "kindnet-cni=docker.io/kindest/kindnetd:v20260528-bf53aebf"


def one(signs):
    (found,) = identify(signs).found
    return found


def words(signs):
    return " | ".join(identify(signs).warnings)


@pytest.mark.parametrize(
    ("daemon_set", "containers", "name", "role", "enforces"),
    [
        ("kube-system/calico-node", ["calico-node=reg.local:5000/mirror/any:1"], "calico", "both", "yes"),
        ("net/renamed", ["agent=reg.local:5000/mirror/calico/node:v3.31.0"], "calico", "both", "yes"),
        ("kube-system/canal", [CALICO, "kube-flannel=flannel/flannel:v0.24.4"], "canal", "both", "yes"),
        (
            "kube-system/cilium",
            ["cilium-agent=rancher/mirrored-cilium-cilium:v1.18.0"],
            "cilium",
            "both",
            "yes",
        ),
        ("kube-system/kube-flannel-ds", ["kube-flannel=coreos/flannel:v0.13.0"], "flannel", "cni", "no"),
        (
            "kube-system/kindnet",
            ["kindnet-cni=docker.io/kindest/kindnetd:v20240813-c6f155d6"],
            "kindnet",
            "both",
            "yes",
        ),
        (
            "kube-system/kindnet",
            ["kindnet-cni=docker.io/kindest/kindnetd:v20240202-8f1494ea"],
            "kindnet",
            "cni",
            "no",
        ),
        ("kube-system/weave-net", ["weave=weaveworks/weave-kube:2.8.1"], "weave", "cni", "no"),
        ("kube-system/aws-node", ["aws-node=amazon-k8s-cni:v1.12.0"], "aws-vpc-cni", "cni", "no"),
        (
            "kube-system/aws-node",
            ["aws-node=amazon-k8s-cni:v1.21.1", "aws-eks-nodeagent=aws-network-policy-agent:v1.3.1"],
            "aws-vpc-cni",
            "both",
            "by-setting",
        ),
        ("openshift-sdn/sdn", ["sdn=quay.io/openshift/sdn@sha256:00"], "openshift-sdn", "both", "by-setting"),
    ],
)
def test_a_daemon_set_tells(daemon_set, containers, name, role, enforces, make):
    found = one(make.signs(make.workload(daemon_set, *containers)))
    assert (found.name, found.role.value, found.enforces.value) == (name, role, enforces)
    assert found.because
    assert str(found.evidence[0]).startswith(f"DaemonSet {daemon_set}: container ")


def agent(name, image, **more):
    return {"name": name, "image": image, **more}


@pytest.mark.parametrize(
    ("workload", "config", "enforces", "role"),
    [
        (("kube-router", "kube-router", {"args": ["--run-firewall=False"]}), None, "no", "cni"),
        (("kube-router", "kube-router", {"args": ["--run-firewall", "false"]}), None, "no", "cni"),
        (("kube-router", "kube-router", {"args": ["--run-router=false"]}), None, "yes", "enforcer"),
        (("kube-router", "kube-router", {"args": ["--run-firewall"]}), None, "yes", "both"),
        (("cilium", "cilium-agent", {}), ("cilium-config", {"enable-policy": "never"}), "no", "both"),
        (("cilium", "cilium-agent", {}), ("cilium-config", {"enable-policy": "always"}), "yes", "both"),
        (
            ("cilium", "cilium-agent", {}),
            ("cilium-config", {"enable-k8s-networkpolicy": "false"}),
            "no",
            "both",
        ),
        (
            ("cilium", "cilium-agent", {}),
            ("cilium-config", {"cni-chaining-mode": "aws-cni"}),
            "yes",
            "enforcer",
        ),
        (("cilium", "cilium-agent", {}), ("cilium-config", {"cni-chaining-mode": "none"}), "yes", "both"),
        (
            ("antrea-agent", "antrea-agent", {}),
            ("antrea-config", {"antrea-agent.conf": "a: 1\ntrafficEncapMode: networkPolicyOnly # here\n"}),
            "yes",
            "enforcer",
        ),
        (
            ("antrea-agent", "antrea-agent", {}),
            ("antrea-config", {"antrea-agent.conf": "#trafficEncapMode: networkPolicyOnly\n"}),
            "yes",
            "both",
        ),
        (
            ("calico-node", "calico-node", {"env": [{"name": "CALICO_NETWORKING_BACKEND", "value": "none"}]}),
            None,
            "yes",
            "enforcer",
        ),
        (
            ("aws-node", "aws-eks-nodeagent", {"args": ["--enable-network-policy=true"]}),
            ("amazon-vpc-cni", {"enable-network-policy-controller": "false"}),
            "no",
            "cni",
        ),
    ],
)
def test_a_setting_decides(workload, config, enforces, role, make):
    name, container, more = workload
    maps = [make.config_map(f"kube-system/{config[0]}", **config[1])] if config else []
    daemon_set = make.workload(f"kube-system/{name}", agent(container, f"x/{name}:v1.0.0", **more))
    found = identify(make.signs(daemon_set, config_maps=tuple(maps))).found[0]
    assert (found.enforces.value, found.role.value) == (enforces, role)


@pytest.mark.parametrize(("on", "enforces"), [("true", "yes"), ("false", "no")])
def test_eks_auto_mode_follows_its_config_map(on, enforces, make):
    nodes = (make.node("a", labels={"eks.amazonaws.com/compute-type": "auto"}),)
    config = make.config_map("kube-system/amazon-vpc-cni", **{"enable-network-policy-controller": on})
    found = one(make.signs(nodes=nodes, config_maps=(config,)))
    assert (found.name, found.enforces.value) == ("eks-auto", enforces)


def test_limits_are_those_of_the_version(make):
    def texts(tag):
        signs = make.signs(make.workload("kube-system/cilium", f"cilium-agent=quay.io/cilium/cilium{tag}"))
        return [str(each) for each in one(signs).limits]

    old, new, unknown = texts(":v1.14.2"), texts(":v1.19.3"), texts("@sha256:00")
    assert "before 1.16: endPort is ignored" in old
    assert not any("endPort" in each for each in new)
    assert unknown == old, "where the version is not known, all are told"
    assert any("ipBlock does not select pods" in each for each in new)


@pytest.mark.parametrize(
    ("more", "platform"),
    [
        ({"server": "https://ABC.gr7.eu-central-1.eks.amazonaws.com"}, "eks"),
        ({"server": "https://x-dns-1.hcp.westeurope.azmk8s.io:443"}, "aks"),
        ({"context": "gke_project_europe-west3_c"}, "gke"),
        ({"context": "admin@c.eu-central-1.eksctl.io"}, "eks"),
        ({"context": "kind-ci"}, "kind"),
        ({"context": "docker-desktop"}, "docker-desktop"),
        ({"context": "minikube"}, "minikube"),
        ({"context": "rancher-desktop", "version": "v1.33.1+k3s1"}, "rancher-desktop"),
        ({"version": "v1.33.1+k3s1"}, "k3s"),
        ({"context": "my-kind-of-cluster", "server": "https://eks.amazonaws.com.example.org"}, ""),
    ],
)
def test_address_context_and_version_tell_the_platform(more, platform, make):
    assert " ".join(each.name for each in identify(make.signs(**more)).platforms) == platform


def test_two_enforcers_at_once_are_warned_of(make):
    signs = make.signs(
        make.workload("kube-system/kindnet", KINDNET),
        make.workload(
            "kube-system/kube-network-policies", "n=registry.k8s.io/networking/kube-network-policies:v1.1.1"
        ),
    )
    seen = identify(signs)
    assert {each.name for each in seen.found} == {"kindnet", "kube-network-policies"}
    assert seen.enforces is Enforces.YES
    (warning,) = seen.warnings
    assert warning.startswith("several enforcers at once (kube-network-policies, kindnet): ")


def test_several_cnis_are_warned_of_and_a_chain_is_not(make):
    calico = make.workload("kube-system/calico-node", CALICO)
    kindnet = make.workload("kube-system/kindnet", KINDNET)
    flannel = make.workload("kube-flannel/kube-flannel-ds", "kube-flannel=flannel-io/flannel:v0.28.9")
    assert "several CNIs (Calico, kindnet)" in words(make.signs(calico, kindnet))
    assert words(make.signs(calico, flannel)) == ""


def test_agents_that_are_missing_or_not_ready_are_counted(make):
    signs = make.signs(make.workload("kube-system/calico-node", CALICO, wanted=3, ready=1), nodes=4)
    assert identify(signs).warnings == (
        "Calico has an agent on 3 of 4 nodes; nothing of it acts on the others",
        "Calico: 1 of 3 agents are ready",
    )


def test_agents_of_two_daemon_sets_are_added_up(make):
    parts = [
        make.workload(f"net/flannel-{arch}", "f=flannel-io/flannel:v0.2", wanted=1, ready=1) for arch in "ab"
    ]
    assert words(make.signs(*parts)) == ""


def test_nodes_without_enforcement_are_named(make):
    nodes = (
        make.node("a", taints=["node.cilium.io/agent-not-ready"]),
        make.node("w", labels={"kubernetes.io/os": "windows"}),
        make.node("f", labels={"eks.amazonaws.com/compute-type": "fargate"}),
    )
    told = words(make.signs(nodes=nodes))
    assert "1 of 3 nodes wait for Cilium's agent (taint agent-not-ready): a" in told
    assert "1 of 3 nodes run Windows, where enforcement differs: w" in told
    assert "1 of 3 nodes are Fargate, where nothing is enforced: f" in told


def test_crds_alone_are_leftovers_where_workloads_were_seen_and_a_guess_where_not(make):
    custom = ("ciliumendpoints.cilium.io", "ciliumidentities.cilium.io")
    signs = make.signs(custom=custom)
    seen = identify(signs)
    assert seen.found == ()
    assert seen.warnings == ("Cilium has no agent here, but left something behind: CRDs of cilium.io: 2",)
    guess = identify(replace(signs, daemon_sets=None, unseen=("DaemonSets",)))
    assert [(each.name, each.enforces) for each in guess.found] == [("cilium", Enforces.UNKNOWN)]
    assert (guess.enforces, guess.unseen) == (Enforces.UNKNOWN, ("DaemonSets",))


def test_groups_of_the_api_tell_what_crds_would(make):
    guess = identify(replace(make.signs(custom=("apps", "crd.antrea.io")), daemon_sets=None))
    assert [(each.name, str(each.evidence[0])) for each in guess.found] == [
        ("antrea", "API group crd.antrea.io")
    ]


def test_no_last_resort_is_taken_blindly(make):
    nodes = (make.node("a", labels={"minikube.k8s.io/name": "m"}, condition="RouteCreated"),)
    blind = identify(replace(make.signs(nodes=nodes), daemon_sets=None))
    assert (blind.found, blind.enforces) == ((), Enforces.UNKNOWN)
    assert one(make.signs(nodes=nodes)).name == "minikube-bridge"


def test_k3s_keeps_its_own_enforcer_beside_another_cni_unless_told(make):
    def told(arguments):
        nodes = (make.node("a", annotations={"k3s.io/node-args": arguments}),)
        calico = make.workload("kube-system/calico-node", CALICO, wanted=1, ready=1)
        return words(make.signs(calico, nodes=nodes))

    assert "k3s' own enforcer is not switched off" in told('["server","--flannel-backend","none"]')
    assert told('["server","--flannel-backend","none","--disable-network-policy"]') == ""


def test_multus_is_a_warning_not_a_cni(make):
    seen = identify(
        make.signs(make.workload("kube-system/kube-multus-ds", "m=k8snetworkplumbingwg/multus-cni:v4"))
    )
    assert seen.found == ()
    assert "further interfaces" in seen.warnings[0]


def test_objects_with_missing_or_odd_parts_are_no_obstacle(make):
    odd = ({"kind": "DaemonSet"}, {"metadata": None, "spec": {"template": []}}, make.workload("a/b"))
    nodes = ({}, {"metadata": {"labels": None}, "status": {"conditions": None}, "spec": None})
    assert identify(make.signs(*odd, nodes=nodes)).found == ()


def test_a_helm_chart_of_rke2_is_evidence(make):
    chart = {"kind": "HelmChart", "metadata": {"namespace": "kube-system", "name": "rke2-cilium"}}
    daemon_set = make.workload("kube-system/cilium", "cilium-agent=rancher/mirrored-cilium-cilium:v1.18.0")
    found = one(make.signs(daemon_set, helm_charts=(chart,)))
    assert found.role is Role.BOTH
    assert "HelmChart kube-system/rke2-cilium" in map(str, found.evidence)
