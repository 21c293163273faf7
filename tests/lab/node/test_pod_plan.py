from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.node import pod_plan
from netprobe.lab.node.pod_plan import Image, UnusableSpec


def pod(**spec):
    meta = {"name": "web-0", "namespace": "shop", "uid": "u-1", "labels": {"tier": "web"}}
    return {"metadata": meta, "spec": {"nodeName": "node1", "containers": [{"name": "c"}], **spec}}


def environment(*entries):
    return pod_plan.environment_of(
        {"env": list(entries)}, pod(), pod_ip="10.244.0.2", host_ip="172.30.0.2", hostname="web-0"
    )


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("agnhost", Image.AGNHOST),
        ("registry.k8s.io/e2e-test-images/agnhost:2.53", Image.AGNHOST),
        ("localhost:5000/agnhost@sha256:abc", Image.AGNHOST),
        ("registry.k8s.io/coredns/coredns:v1.12.1", Image.COREDNS),
        ("nginx", None),
        ("agnhost/nginx:1", None),
        ("my-agnhost:1", None),
    ],
)
def test_images(image, expected):
    assert pod_plan.image_of({"image": image}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$(A)-$(B)", "1-2"),
        ("$(UNKNOWN)", "$(UNKNOWN)"),
        ("$$(A)", "$(A)"),
        ("$$$(A)", "$1"),
        ("$A $ (A)", "$A $ (A)"),
        ("$(A", "$(A"),
    ],
)
def test_references_are_expanded_as_the_reference_says(text, expected):
    assert pod_plan.expand(text, {"A": "1", "B": "2"}) == expected


@given(st.text(alphabet=st.characters(exclude_characters="$")))
def test_text_without_dollars_stays(text):
    assert pod_plan.expand(text, {text: "no"}) == text


def test_the_environment_knows_the_pod_and_earlier_values():
    names = ("metadata.name", "metadata.namespace", "metadata.uid", "status.podIP", "spec.nodeName")
    fields = [{"name": name, "valueFrom": {"fieldRef": {"fieldPath": name}}} for name in names]
    label = {"name": "T", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['tier']"}}}
    made = environment(*fields, label, {"name": "ALL", "value": "$(T)/$(LATER)"}, {"name": "LATER"})
    assert made == {
        "HOSTNAME": "web-0",
        "metadata.name": "web-0",
        "metadata.namespace": "shop",
        "metadata.uid": "u-1",
        "status.podIP": "10.244.0.2",
        "spec.nodeName": "node1",
        "T": "web",
        "ALL": "web/$(LATER)",
        "LATER": "",
    }


@pytest.mark.parametrize(
    "source", [{"secretKeyRef": {"name": "s"}}, {"fieldRef": {"fieldPath": "status.phase"}}]
)
def test_other_sources_are_refused(source):
    with pytest.raises(UnusableSpec, match="from fieldRef only"):
        environment({"name": "X", "valueFrom": source})


def test_the_command_line():
    container = {"args": ["netexec", "--http-override=/echo?msg=$(N)"]}
    assert pod_plan.argv_of(container, {"N": "n"}) == ("/agnhost", "netexec", "--http-override=/echo?msg=n")
    assert pod_plan.argv_of({"command": ["sleep", "$(N)"]}, {"N": "9"}) == ("sleep", "9")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            {},
            (
                "nameserver 10.96.0.10\n"
                "search shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n"
            ),
        ),
        ({"hostNetwork": True}, ""),
        ({"dnsPolicy": "Default"}, ""),
        (
            {
                "dnsPolicy": "None",
                "dnsConfig": {"nameservers": ["1.2.3.4"], "options": [{"name": "ndots", "value": "1"}]},
            },
            "nameserver 1.2.3.4\noptions ndots:1\n",
        ),
    ],
)
def test_resolv_conf(spec, expected):
    assert pod_plan.resolv_conf_of(pod(**spec)) == expected


def test_host_names():
    assert pod_plan.hostname_of(pod()) == "web-0"
    assert pod_plan.hostname_of(pod(hostname="db")) == "db"
    assert pod_plan.hostname_of(pod(hostNetwork=True)) == "node1"
    long = pod()
    long["metadata"]["name"] = "x" * 62 + "-abcde"
    assert pod_plan.hostname_of(long) == "x" * 62


def mounting(volume, path):
    container = {"name": "c", "volumeMounts": [{"name": "v", "mountPath": path}]}
    return pod(volumes=[{"name": "v", **volume}], containers=[container])


def test_volumes_that_change_nothing_for_a_probe_are_taken():
    pod_plan.check(mounting({"emptyDir": {"medium": "Memory"}}, "/tmp"))
    pod_plan.check(mounting({"projected": {"sources": []}}, "/var/run/secrets/kubernetes.io/serviceaccount"))


CNI = {"hostPath": {"path": "/etc/cni/net.d", "type": "Directory"}}


def test_the_cni_files_of_a_node_are_there_for_reading_at_their_own_path():
    made, files = mounting(CNI, "/etc/cni/net.d"), {"10-x.conflist": "{}"}
    made["spec"]["containers"][0]["volumeMounts"][0]["readOnly"] = True
    pod_plan.check(made, files)
    assert pod_plan.host_files_of(made, files) == {"cni/net.d/10-x.conflist": "{}"}
    assert pod_plan.host_files_of(pod(), files) == {}
    with pytest.raises(UnusableSpec, match="hostPath type check failed: /etc/cni/net"):
        pod_plan.check(made)
    for wrong in (
        mounting(CNI, "/etc/cni/net.d"),
        mounting(CNI, "/host"),
        mounting({"hostPath": {"path": "/"}}, "/h"),
    ):
        with pytest.raises(UnusableSpec):
            pod_plan.check(wrong, files)


@pytest.mark.parametrize(
    "made",
    [
        mounting({"emptyDir": {}}, "/data"),
        mounting({"configMap": {"name": "c"}}, "/tmp"),
        pod(initContainers=[{"name": "first"}]),
    ],
)
def test_what_would_silently_be_missing_is_refused(made):
    with pytest.raises(UnusableSpec):
        pod_plan.check(made)


def test_sysctls_of_the_pods_own_network_only():
    name = "net.ipv4.ip_unprivileged_port_start"
    assert pod_plan.sysctls_of(pod(securityContext={"sysctls": [{"name": name, "value": "0"}]})) == {
        name: "0"
    }
    with pytest.raises(UnusableSpec, match=r"not kernel\.shm"):
        pod_plan.sysctls_of(pod(securityContext={"sysctls": [{"name": "kernel.shm", "value": "0"}]}))
