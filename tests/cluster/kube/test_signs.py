"""Reading the signs of a CNI: from the lab's API without a lab, and from servers that forbid."""

from __future__ import annotations

import pytest

from netprobe.cluster.identity.identify import identify
from netprobe.cluster.identity.known.wanted import CONFIG_MAPS, DAEMON_SET_HOMES, DEPLOYMENT_HOMES
from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.signs import read_signs
from netprobe.errors import Refused


@pytest.fixture
def rest(api):
    connection = connect_to(api.kubeconfig())
    yield Rest(connection)
    connection.client.rest_client.close()


def listed(kind, *bodies):
    return 200, {"kind": f"{kind}List", "apiVersion": "v1", "items": list(bodies)}


def named(name, namespace="kube-system", **more):
    return {"metadata": {"name": name, "namespace": namespace}, **more}


def serve(failure, answers):
    """An answer by the beginning of the path; anything else is forbidden."""

    def answer(_method, path, _body):
        for beginning, said in answers.items():
            if path.partition("?")[0] == beginning:
                return said
        return failure(403, "Forbidden", "not allowed")

    return answer


VERSION = {"/version": (200, {"gitVersion": "v1.36.2"})}


def test_all_that_may_be_read_is_read(api, rest, failure):
    config = named("cilium-config", data={"enable-policy": "never"})
    answers = {
        **VERSION,
        "/api/v1/nodes": listed("Node", named("a", "")),
        "/apis/apps/v1/daemonsets": listed("DaemonSet", named("cilium")),
        "/apis/apps/v1/namespaces/kube-system/deployments": listed("Deployment", named("cilium-operator")),
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions": listed(
            "CustomResourceDefinition", named("ciliumendpoints.cilium.io"), named("helmcharts.helm.cattle.io")
        ),
        "/apis/helm.cattle.io/v1/namespaces/kube-system/helmcharts": listed(
            "HelmChart", named("rke2-cilium")
        ),
    }
    for name in CONFIG_MAPS:
        namespace, _, own = name.partition("/")
        found = (200, config) if own == "cilium-config" else failure(404, "NotFound", "no")
        answers[f"/api/v1/namespaces/{namespace}/configmaps/{own}"] = found
    api.answer = serve(failure, answers)
    signs = read_signs(rest)
    assert signs.unseen == ()
    assert (signs.server, signs.context, signs.version) == (api.url, "here", "v1.36.2")
    assert (signs.daemon_sets[0]["kind"], len(signs.nodes), len(signs.deployments)) == ("DaemonSet", 1, 1)
    assert signs.custom == ("ciliumendpoints.cilium.io", "helmcharts.helm.cattle.io")
    seen = identify(signs)
    assert [(each.name, each.enforces.value) for each in seen.found] == [("cilium", "no")]
    told = [str(each) for each in seen.found[0].evidence]
    assert "HelmChart kube-system/rke2-cilium" in told
    assert "ConfigMap kube-system/cilium-config: enable-policy: never" in told


def test_what_is_forbidden_is_named_and_the_homes_of_cnis_are_looked_into(api, rest, failure):
    answers = {
        **VERSION,
        "/apis/apps/v1/namespaces/kube-system/daemonsets": listed("DaemonSet", named("cilium")),
        "/apis": (200, {"kind": "APIGroupList", "groups": [{"name": "apps"}, {"name": "cilium.io"}]}),
    }
    api.answer = serve(failure, answers)
    signs = read_signs(rest)
    assert (signs.nodes, signs.custom) == (None, ("apps", "cilium.io"))
    closed = ", ".join(home for home in DAEMON_SET_HOMES if home != "kube-system")
    assert signs.unseen == (
        "CustomResourceDefinitions (API groups were looked at instead)",
        "nodes",
        f"DaemonSets in {closed}",
        "DaemonSets of other namespaces",
        f"Deployments in {', '.join(DEPLOYMENT_HOMES)}",
        f"ConfigMaps {', '.join(CONFIG_MAPS)}",
    )
    seen = identify(signs)
    assert [(each.name, each.enforces.value) for each in seen.found] == [("cilium", "yes")]
    assert seen.unseen == signs.unseen


def test_a_server_that_forbids_everything_is_no_failure_here(api, rest, failure):
    api.answer = serve(failure, {})
    signs = read_signs(rest)
    assert (signs.nodes, signs.daemon_sets, signs.custom, signs.version) == (None, None, None, "")
    assert "the server's version" in signs.unseen


def test_a_server_without_crds_has_none(api, rest, failure):
    answers = {
        **VERSION,
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions": failure(404, "NotFound", ""),
    }
    api.answer = serve(failure, answers)
    assert read_signs(rest).custom == ()


def test_bad_credentials_are_a_failure(api, rest, failure):
    api.answer = lambda *_: failure(401, "Unauthorized", "Unauthorized")
    with pytest.raises(Refused, match="may have expired"):
        read_signs(rest)


def test_the_homes_are_those_of_the_table():
    assert {"kube-system", "calico-system", "kube-flannel", "openshift-ovn-kubernetes"} <= set(
        DAEMON_SET_HOMES
    )
    assert DEPLOYMENT_HOMES == ("kube-system",)
    assert {"kube-system/amazon-vpc-cni", "kube-public/microshift-version"} <= set(CONFIG_MAPS)
