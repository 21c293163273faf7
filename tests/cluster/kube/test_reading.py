"""Preflight and reading against servers that forbid, page or lack things."""

from __future__ import annotations

import pytest

from netprobe.cluster.kube.admin_policies import read_admin_policies
from netprobe.cluster.kube.census import read_census
from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.preflight import NEEDS, check_access
from netprobe.cluster.kube.reading import read_state
from netprobe.cluster.kube.rest import Rest
from netprobe.errors import EnvironmentFailure, Refused


@pytest.fixture
def rest(api):
    connection = connect_to(api.kubeconfig())
    yield Rest(connection)
    connection.client.rest_client.close()


def listed(kind, *names):
    return 200, {
        "kind": f"{kind}List",
        "apiVersion": "v1",
        "items": [{"metadata": {"name": n}} for n in names],
    }


def test_what_an_account_lacks_is_listed(api, rest):
    def answer(_method, path, body):
        if path == "/version":
            return 200, {"gitVersion": "v1.36.2"}
        asked = body["spec"]["resourceAttributes"]
        return 201, {"status": {"allowed": asked["resource"] != "pods"}}

    api.answer = answer
    with pytest.raises(
        EnvironmentFailure, match=r"may not create pods/exec, get pods/exec, list pods\."
    ) as caught:
        check_access(rest)
    assert "`netprobe rbac`" in caught.value.remedy
    assert len(api.seen) == 1 + len(NEEDS)


def test_a_server_that_does_not_tell_what_it_allows_is_no_obstacle(api, rest, failure):
    api.answer = lambda _method, path, _body: (
        (200, {"gitVersion": "v1"}) if path == "/version" else failure(404, "NotFound", "no such resource")
    )
    check_access(rest)


def test_bad_credentials_show_in_the_preflight(api, rest, failure):
    api.answer = lambda _method, path, _body: (
        (200, {"gitVersion": "v1"}) if path == "/version" else failure(401, "Unauthorized", "Unauthorized")
    )
    with pytest.raises(Refused, match="may have expired"):
        check_access(rest)


def test_without_cluster_wide_rights_the_own_namespaces_are_read_and_the_rest_is_named(api, rest, failure):
    def answer(_method, path, _body):
        if path.startswith("/api/v1/namespaces/x/pods"):
            return listed("Pod", "web")
        if path.startswith("/apis/networking.k8s.io/v1/namespaces/x/"):
            return listed("NetworkPolicy", "own")
        if path == "/api/v1/namespaces/x":
            return 200, {"kind": "Namespace", "metadata": {"name": "x"}}
        if "/namespaces/x/" in path:
            return listed("Any")
        return failure(403, "Forbidden", "not allowed")

    api.answer = answer
    state = read_state(rest, ["x"])
    assert [each["metadata"]["name"] for each in state.policies] == ["own"]
    assert [(each["kind"], each["metadata"]["name"]) for each in state.pods] == [("Pod", "web")]
    assert [each["metadata"]["name"] for each in state.namespaces] == ["x"]
    assert state.nodes == ()
    assert state.unreadable == (
        "the DNS Service in kube-system",
        "the DNS Service in openshift-dns",
        "namespaces of others",
        "nodes",
        "NetworkPolicies of other namespaces",
        "policies of policy.networking.k8s.io",
    )


def test_another_failure_is_not_taken_for_a_lack_of_rights(api, rest, failure):
    api.answer = lambda *_: failure(400, "BadRequest", "what?")
    with pytest.raises(Refused, match="what"):
        read_state(rest, ["x"])


def test_long_lists_are_read_page_by_page(api, rest):
    def answer(_method, path, _body):
        if "continue=next" in path:
            return listed("Pod", "b")
        status, body = listed("Pod", "a")
        return status, {**body, "metadata": {"continue": "next"}}

    api.answer = answer
    assert [(each["kind"], each["metadata"]["name"]) for each in rest.items("/api/v1/pods")] == [
        ("Pod", "a"),
        ("Pod", "b"),
    ]


GROUP = "/apis/policy.networking.k8s.io"


def group(*versions):
    return 200, {"kind": "APIGroup", "versions": [{"version": version} for version in versions]}


def test_cluster_wide_policies_of_all_served_kinds_are_read(api, rest, failure):
    def answer(_method, path, _body):
        path = path.partition("?")[0]
        return {
            GROUP: group("v1alpha1", "v1alpha2", "v1beta1"),
            f"{GROUP}/v1alpha1/adminnetworkpolicies": listed("AdminNetworkPolicy", "first"),
            f"{GROUP}/v1alpha1/baselineadminnetworkpolicies": failure(404, "NotFound", "no such resource"),
            f"{GROUP}/v1alpha2/clusternetworkpolicies": failure(403, "Forbidden", "not allowed"),
        }[path]

    api.answer = answer
    found, unreadable = read_admin_policies(rest)
    assert [(each["kind"], each["metadata"]["name"]) for each in found] == [("AdminNetworkPolicy", "first")]
    assert unreadable == ("policies of policy.networking.k8s.io/v1beta1", "ClusterNetworkPolicies")


def test_a_cluster_without_cluster_wide_policies_is_asked_once(api, rest):
    api.answer = lambda *_: (404, "404 page not found")
    assert read_admin_policies(rest) == ((), ())
    assert len(api.seen) == 1


def test_trouble_with_cluster_wide_policies_is_told(api, rest, failure):
    api.answer = lambda *_: failure(400, "BadRequest", "what?")
    with pytest.raises(Refused, match="what"):
        read_admin_policies(rest)


def test_a_census_holds_every_kind_that_decides_flows_in_all_namespaces(api, rest):
    def answer(_method, path, _body):
        plural = path.partition("?")[0].rpartition("/")[2]
        if path.startswith("/apis/policy.networking.k8s.io/"):
            return listed("AdminNetworkPolicy", "guard")
        if plural == "policy.networking.k8s.io":
            return 200, {"versions": [{"version": "v1alpha1"}, {"version": "v9"}]}
        return listed(plural, f"one-of-{plural}")

    api.answer = answer
    census = read_census(rest)
    kinds = [body["kind"] for body in census.bodies]
    assert kinds[:6] == ["namespaces", "nodes", "pods", "services", "endpointslices", "networkpolicies"]
    assert "AdminNetworkPolicy" in kinds[6:]
    assert census.unreadable == ("policies of policy.networking.k8s.io/v9",)
    paths = [path.partition("?")[0] for _, path, _ in api.seen]
    assert not any("/namespaces/" in path for path in paths)


def test_a_census_names_cluster_wide_policies_that_may_not_be_read(api, rest, failure):
    api.answer = lambda _method, path, _body: (
        failure(403, "Forbidden", "no") if "policy.networking" in path else listed("Thing")
    )
    assert read_census(rest).unreadable == ("policies of policy.networking.k8s.io",)


def test_there_is_no_census_without_the_right_to_list_all_policies(api, rest, failure):
    api.answer = lambda _method, path, _body: (
        failure(403, "Forbidden", "networkpolicies is forbidden")
        if "networkpolicies" in path
        else listed("Thing")
    )
    with pytest.raises(Refused, match="networkpolicies is forbidden"):
        read_census(rest)
