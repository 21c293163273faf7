"""A whole lab under the official client: workloads come up, packets flow, policies bite (or do not)."""

from __future__ import annotations

import pytest
import yaml
from kubernetes import watch

from netprobe.cluster.identity.identify import identify
from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.signs import read_signs

pytestmark = pytest.mark.lab

TIMED_OUT, REFUSED = 28, 7
DENY_ALL = {"metadata": {"name": "deny"}, "spec": {"podSelector": {"matchLabels": {"app": "server"}}}}


def make_pair(user, namespace):
    """A client on node1 and servers on both nodes; returns the client and the servers."""
    user.core.create_namespace({"metadata": {"name": namespace}})
    user.deploy(namespace, "client", node="node1")
    user.deploy(namespace, "server", replicas=2)
    (client,) = user.pods(namespace, "client")
    return client, user.pods(namespace, "server", 2)


def test_a_policy_is_enforced_on_both_nodes_and_lifted_again(enforcing):
    client, servers = make_pair(enforcing, "bites")
    assert {server.spec.node_name for server in servers} == {"node1", "node2"}
    for server in servers:
        url = f"http://{server.status.pod_ip}:8080/"
        assert enforcing.get(client, url) == (0, server.metadata.name)
    enforcing.networking.create_namespaced_network_policy("bites", DENY_ALL)
    for server in servers:
        assert enforcing.until(client, f"http://{server.status.pod_ip}:8080/", TIMED_OUT) == TIMED_OUT
    enforcing.networking.patch_namespaced_network_policy(
        "deny",
        "bites",
        {"spec": {"ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}]}]}},
    )
    for server in servers:
        assert enforcing.until(client, f"http://{server.status.pod_ip}:8080/", 0) == 0
    enforcing.networking.delete_namespaced_network_policy("deny", "bites")


def test_a_service_is_reached_by_name_and_through_dns_over_udp_and_tcp(enforcing):
    client, servers = make_pair(enforcing, "named")
    names = {server.metadata.name for server in servers}
    url = "http://server.named.svc.cluster.local./"
    assert enforcing.until(client, url, 0) == 0  # its endpoints follow the pods by a moment
    code, body = enforcing.get(client, url)
    assert (code, body in names) == (0, True)
    for transport in ("-novc", "-vc"):
        code, out, _ = enforcing.exec(client, "nslookup", transport, "server.named.svc.cluster.local.")
        assert (code, "10.96." in out) == (0, True)
    code, out, _ = enforcing.exec(client, "nslookup", "nothing.named.svc.cluster.local.")
    assert (code, "NXDOMAIN" in out) == (1, True)


def test_a_closed_port_is_refused_and_a_missing_program_is_said(enforcing):
    client, servers = make_pair(enforcing, "closed")
    code, _ = enforcing.get(client, f"http://{servers[0].status.pod_ip}:9/")
    assert code == REFUSED
    assert enforcing.exec(client, "sh", "-c", "exit 5")[0] == 5


def test_scaling_down_and_deleting_the_namespace_ends_the_pods(enforcing):
    client, servers = make_pair(enforcing, "short")
    enforcing.apps.patch_namespaced_deployment_scale("server", "short", {"spec": {"replicas": 1}})
    (left,) = enforcing.pods("short", "server", 1)
    enforcing.core.delete_namespace("short")
    assert enforcing_gone(enforcing, "short")
    assert left.metadata.name in {server.metadata.name for server in servers}
    assert client.metadata.namespace == "short"


def enforcing_gone(user, namespace):
    """Wait for the namespace's DELETED event."""
    from_now = user.core.list_namespace(field_selector=f"metadata.name={namespace}")
    if not from_now.items:
        return True
    for event in _watch(user, namespace, from_now.metadata.resource_version):
        if event["type"] == "DELETED":
            return True
    return False


def _watch(user, namespace, version):
    return watch.Watch().stream(
        user.core.list_namespace,
        field_selector=f"metadata.name={namespace}",
        resource_version=version,
        timeout_seconds=20,
    )


def test_an_external_host_answers_with_its_name_and_sees_policies(enforcing):
    client, _ = make_pair(enforcing, "outside")
    made = enforcing.lab.provide_externals([{"name": "partner", "address": "203.0.113.10", "ports": [443]}])
    assert made == {"partner": {"address": "203.0.113.10", "ports": {"443": 443}}}
    code, body = enforcing.get(client, "http://203.0.113.10:443/")
    assert (code, "external/partner/" in body) == (0, True)
    enforcing.networking.create_namespaced_network_policy(
        "outside", {"metadata": {"name": "no-egress"}, "spec": {"podSelector": {}, "policyTypes": ["Egress"]}}
    )
    assert enforcing.until(client, "http://203.0.113.10:443/", TIMED_OUT) == TIMED_OUT


def test_a_look_accepts_a_policy_and_enforces_nothing(eks_off):
    client, servers = make_pair(eks_off, "open")
    stored = eks_off.networking.create_namespaced_network_policy("open", DENY_ALL)
    assert stored.spec.policy_types == ["Ingress"]
    # A second write whose effect is seen tells that the first one has been through the same machinery.
    eks_off.deploy("open", "later")
    eks_off.pods("open", "later")
    assert all(eks_off.get(client, f"http://{s.status.pod_ip}:8080/")[0] == 0 for s in servers)
    decor = eks_off.apps.read_namespaced_daemon_set("aws-node", "kube-system")
    assert (decor.status.number_ready, decor.status.desired_number_scheduled) == (2, 2)
    assert eks_off.core.list_namespaced_pod("kube-system", label_selector="k8s-app=aws-node").items == []
    node = eks_off.core.read_node("node1")
    assert node.spec.provider_id == "aws:///eu-central-1a/i-node1"


def test_a_look_is_identified_through_the_api(eks_off):
    connection = connect_to(yaml.safe_load(eks_off.lab.kubeconfig()))
    seen = identify(read_signs(Rest(connection)))
    connection.client.rest_client.close()
    assert (seen.version, seen.unseen) == ("v1.36.2-eks-f69f56f+netprobe-lab", ())
    assert [each.name for each in seen.platforms] == ["eks"]
    assert [(each.name, each.enforces.value) for each in seen.found] == [("aws-vpc-cni", "no")]
    evidence = [str(each) for each in seen.found[0].evidence]
    assert "CRDs of networking.k8s.aws: 1" in evidence
    assert "DaemonSet kube-system/aws-node: --enable-network-policy=false" in evidence
