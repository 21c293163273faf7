"""CNI configuration files of a node."""

from __future__ import annotations

import json

import pytest

from netprobe.cluster.identity.cni_files import read_cni_files
from netprobe.cluster.identity.identify import identify

CALICO = "calico-node=quay.io/calico/node:v3.31.0"


def conflist(*types):
    return json.dumps({"name": "n", "plugins": [{"type": each} for each in types]})


def test_the_first_valid_file_by_name_is_taken():
    files = read_cni_files(
        {
            "99-late.conflist": conflist("flannel"),
            "10-calico.conflist": conflist("calico", "portmap"),
            "05-broken.conf": "{",
            "07-empty.conflist": '{"plugins": []}',
            "08-list.json": "[]",
            "00-old.conflist.bak": conflist("weave-net"),
            "calico-kubeconfig": "apiVersion: v1",
            "20-single.conf": '{"name": "s", "type": "bridge"}',
        }
    )
    assert files.taken is not None
    assert (files.taken.name, files.taken.plugins) == ("10-calico.conflist", ("calico", "portmap"))
    assert [(each.name, each.plugins) for each in files.others] == [
        ("20-single.conf", ("bridge",)),
        ("99-late.conflist", ("flannel",)),
    ]
    assert files.broken == ("05-broken.conf", "07-empty.conflist", "08-list.json")


@pytest.mark.parametrize(
    ("file", "types", "name"),
    [
        ("10-calico.conflist", ("calico",), "calico"),
        ("10-canal.conflist", ("calico", "portmap"), "canal"),
        ("05-cilium.conflist", ("cilium-cni",), "cilium"),
        ("10-antrea.conflist", ("antrea",), "antrea"),
        ("10-ovn-kubernetes.conf", ("ovn-k8s-cni-overlay",), "ovn-kubernetes"),
        ("10-aws.conflist", ("aws-cni", "egress-cni"), "aws-vpc-cni"),
        ("10-azure.conflist", ("azure-vnet", "portmap"), "azure-cni"),
        ("10-flannel.conflist", ("flannel", "portmap"), "flannel"),
        ("10-kuberouter.conflist", ("bridge",), "kube-router"),
        ("10-kindnet.conflist", ("ptp", "portmap"), "kindnet"),
        ("10-weave.conflist", ("weave-net",), "weave"),
        ("1-k8s.conflist", ("bridge", "portmap"), "bridge"),
    ],
)
def test_a_file_alone_tells(file, types, name, make):
    (found,) = identify(make.signs(cni_files={file: conflist(*types)})).found
    assert found.name == name
    assert str(found.evidence[0]) == f"CNI file {file}: plugins {', '.join(types)}"


def told(make, files, *daemon_sets):
    return " | ".join(identify(make.signs(*daemon_sets, cni_files=files)).warnings)


def test_a_file_of_another_plugin_than_the_agent_is_warned_of(make):
    calico = make.workload("kube-system/calico-node", CALICO)
    left = {"87-podman-bridge.conflist": conflist("bridge", "firewall")}
    assert "87-podman-bridge.conflist (plugins bridge, firewall) is not of Calico" in told(make, left, calico)
    both = {**left, "10-calico.conflist": conflist("calico")}
    assert told(make, both, calico) == (
        "several CNI files: the node takes 10-calico.conflist, not 87-podman-bridge.conflist"
    )
    assert told(make, {"10-calico.conflist": conflist("calico")}, calico) == ""


def test_an_enforcer_beside_a_cni_needs_no_file_of_its_own(make):
    enforcer = make.workload("kube-system/kube-network-policies", "n=networking/kube-network-policies:v1.1.1")
    assert told(make, {"10-flannel.conflist": conflist("flannel")}, enforcer) == ""


def test_an_empty_folder_and_a_broken_file_are_said(make):
    assert "no CNI configuration" in told(make, {})
    assert "CNI file 10-x.conf cannot be read" in told(make, {"10-x.conf": "{"})


def test_the_bandwidth_plugin_beside_eks_is_warned_of(make):
    files = {"10-aws.conflist": conflist("aws-cni", "bandwidth")}
    assert "bandwidth" in told(make, files)
