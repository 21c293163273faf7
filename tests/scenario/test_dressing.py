"""A user's workload, the same to policies and harmless to the cluster."""

from __future__ import annotations

import copy

import pytest

from netprobe.errors import InputError
from netprobe.scenario.dressing import dress, dress_namespace, dress_service, is_bare

MARKS = {"run_labels": {"netprobe.io/run": "r1"}, "annotations": {"netprobe.io/expires": "5"}}
POD_SPEC = {
    "serviceAccountName": "admin",
    "hostAliases": [{"ip": "10.0.0.1", "hostnames": ["x"]}],
    "initContainers": [{"name": "init", "image": "busybox"}],
    "nodeSelector": {"disk": "ssd"},
    "tolerations": [{"operator": "Exists"}],
    "topologySpreadConstraints": [{"maxSkew": 1}],
    "affinity": {"podAntiAffinity": {}},
    "volumes": [{"name": "secret", "secret": {"secretName": "s"}}],
    "containers": [
        {
            "name": "web",
            "image": "shop/web:1",
            "command": ["/web"],
            "args": ["--serve"],
            "envFrom": [{"secretRef": {"name": "s"}}],
            "livenessProbe": {"httpGet": {"path": "/", "port": 8080}},
            "securityContext": {"privileged": True},
            "volumeMounts": [{"name": "secret", "mountPath": "/s"}],
            "ports": [{"name": "http", "containerPort": 8080}],
        }
    ],
}
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {
        "name": "web",
        "namespace": "shop",
        "labels": {"team": "a"},
        "annotations": {"note": "long"},
    },
    "spec": {
        "replicas": 3,
        "paused": True,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web", "tier": "front"}}, "spec": POD_SPEC},
    },
}


def test_what_policies_see_stays_and_the_application_goes() -> None:
    before = copy.deepcopy(DEPLOYMENT)
    dressed = dress(DEPLOYMENT, image="agnhost:test", **MARKS)
    assert before == DEPLOYMENT
    assert dressed["metadata"] == {
        "name": "web",
        "namespace": "shop",
        "labels": {"team": "a", "netprobe.io/run": "r1"},
        "annotations": {"netprobe.io/expires": "5"},
    }
    assert {key: dressed["spec"][key] for key in ("replicas", "selector")} == {
        "replicas": 3,
        "selector": {"matchLabels": {"app": "web"}},
    }
    template = dressed["spec"]["template"]
    assert template["metadata"] == {
        "labels": {
            "app": "web",
            "tier": "front",
            "netprobe.io/run": "r1",
            "netprobe.io/workload": "web",
            "sidecar.istio.io/inject": "false",
            "istio.io/dataplane-mode": "none",
        },
        "annotations": {"linkerd.io/inject": "disabled"},
    }
    kept = {"nodeSelector", "tolerations", "topologySpreadConstraints", "affinity"}
    assert {key: template["spec"][key] for key in kept} == {key: POD_SPEC[key] for key in kept}
    (container,) = template["spec"]["containers"]
    assert container["image"] == "agnhost:test"
    assert container["ports"] == [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]
    assert not {"command", "envFrom", "livenessProbe", "readinessProbe"} & container.keys()
    assert not {"initContainers", "hostAliases", "serviceAccountName"} & template["spec"].keys()
    assert [volume["name"] for volume in template["spec"]["volumes"]] == ["tmp"]


def test_the_pod_meets_pod_security_restricted() -> None:
    spec = dress(DEPLOYMENT, image="i", **MARKS)["spec"]["template"]["spec"]
    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "runAsGroup": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert spec["containers"][0]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert spec["automountServiceAccountToken"] is spec["enableServiceLinks"] is False
    assert spec["terminationGracePeriodSeconds"] == 1


@pytest.mark.parametrize(("port", "low"), [(80, True), (1023, True), (1024, False)])
def test_low_ports_need_a_sysctl(port: int, *, low: bool) -> None:
    body = {
        "kind": "Pod",
        "metadata": {"name": "a"},
        "spec": {"containers": [{"name": "a", "ports": [{"containerPort": port}]}]},
    }
    security = dress(body, image="i", **MARKS)["spec"]["template"]["spec"]["securityContext"]
    wanted = [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}] if low else None
    assert security.get("sysctls") == wanted


def test_a_bare_pod_becomes_a_deployment_that_finds_only_its_own() -> None:
    body = {
        "kind": "Pod",
        "metadata": {"name": "solo", "namespace": "x", "labels": {"app": "solo"}},
        "spec": {"containers": [{"name": "solo"}]},
    }
    dressed = dress(body, image="i", **MARKS)
    assert (dressed["apiVersion"], dressed["kind"], dressed["spec"]["replicas"]) == (
        "apps/v1",
        "Deployment",
        1,
    )
    selector = dressed["spec"]["selector"]["matchLabels"]
    labels = dressed["spec"]["template"]["metadata"]["labels"]
    assert selector == {"netprobe.io/workload": "solo"}
    assert selector.items() <= labels.items()
    assert labels["app"] == "solo"


def test_a_daemonset_has_no_replicas() -> None:
    body = {**DEPLOYMENT, "kind": "DaemonSet"}
    dressed = dress(body, image="i", **MARKS)
    assert dressed["kind"] == "DaemonSet"
    assert "replicas" not in dressed["spec"]


def test_other_kinds_are_refused() -> None:
    with pytest.raises(InputError, match="StatefulSet is not a workload"):
        dress({"kind": "StatefulSet"}, image="i", **MARKS)


def test_a_namespace_admits_only_restricted_pods() -> None:
    body = {
        "kind": "Namespace",
        "metadata": {"name": "x", "labels": {"pod-security.kubernetes.io/enforce": "privileged", "a": "b"}},
    }
    assert dress_namespace(body, **MARKS)["metadata"]["labels"] == {
        "a": "b",
        "netprobe.io/run": "r1",
        "pod-security.kubernetes.io/enforce": "restricted",
    }


def test_a_service_exposes_nothing() -> None:
    body = {
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "x"},
        "spec": {
            "type": "LoadBalancer",
            "clusterIP": "10.96.0.99",
            "clusterIPs": ["10.96.0.99"],
            "externalIPs": ["198.51.100.7"],
            "externalTrafficPolicy": "Local",
            "loadBalancerIP": "198.51.100.8",
            "selector": {"app": "web"},
            "ports": [{"port": 80, "nodePort": 30080, "targetPort": "http"}],
        },
    }
    assert dress_service(body, **MARKS)["spec"] == {
        "type": "ClusterIP",
        "selector": {"app": "web"},
        "ports": [{"port": 80, "targetPort": "http"}],
    }
    headless = {**body, "spec": {"clusterIP": "None", "clusterIPs": ["None"], "ports": []}}
    assert dress_service(headless, **MARKS)["spec"]["clusterIP"] == "None"


LONE = {
    "kind": "Pod",
    "metadata": {
        "name": "solo",
        "namespace": "x",
        "labels": {"app": "solo"},
        "annotations": {"netprobe.io/bare": "true", "note": "long"},
    },
    "spec": {"containers": [{"name": "solo"}]},
}


def test_a_pod_that_is_to_be_bare_stays_one_under_its_name() -> None:
    dressed = dress(LONE, image="i", **MARKS)
    assert (dressed["apiVersion"], dressed["kind"]) == ("v1", "Pod")
    assert dressed["metadata"]["name"] == "solo"
    assert dressed["metadata"]["labels"].items() >= {
        ("app", "solo"), ("netprobe.io/run", "r1"), ("netprobe.io/workload", "solo"),
    }  # fmt: skip
    assert dressed["metadata"]["annotations"] == {"linkerd.io/inject": "disabled", "netprobe.io/expires": "5"}
    assert dressed["spec"]["securityContext"]["runAsNonRoot"] is True


def test_only_a_pod_that_says_so_is_bare() -> None:
    assert is_bare(LONE)
    for metadata in ({}, {"annotations": None}, {"annotations": {"netprobe.io/bare": "no"}}):
        assert not is_bare({**LONE, "metadata": metadata})
    assert not is_bare({**LONE, "kind": "Deployment"})


def test_limits_of_bandwidth_stay_with_the_pods() -> None:
    limits = {"kubernetes.io/ingress-bandwidth": "1G", "kubernetes.io/egress-bandwidth": "2G"}
    body = copy.deepcopy(DEPLOYMENT)
    body["spec"]["template"]["metadata"]["annotations"] = {**limits, "note": "long"}
    annotations = dress(body, image="i", **MARKS)["spec"]["template"]["metadata"]["annotations"]
    assert annotations == {"linkerd.io/inject": "disabled", **limits}


def test_a_nodeport_stays_one_only_where_exposure_is_allowed() -> None:
    ports = [{"port": 80, "nodePort": 30080}]
    body = {"metadata": {"name": "s"}, "spec": {"type": "NodePort", "ports": ports}}
    for exposing, kind in ((False, "ClusterIP"), (True, "NodePort")):
        spec = dress_service(body, exposing=exposing, **MARKS)["spec"]
        assert spec == {"type": kind, "ports": [{"port": 80}]}
    balanced = {"metadata": {"name": "s"}, "spec": {"type": "LoadBalancer"}}
    assert dress_service(balanced, exposing=True, **MARKS)["spec"]["type"] == "ClusterIP"
