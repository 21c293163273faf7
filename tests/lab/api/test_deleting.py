"""Deletion: at once or with grace, with finalizers and preconditions."""

from __future__ import annotations

import pytest

NAMESPACE = "/api/v1/namespaces/default"
POD = {"spec": {"containers": [{"name": "c", "image": "agnhost"}]}}


def make(server, kind, name, body):
    status, _, made, _ = server.request("POST", f"{NAMESPACE}/{kind}", {**body, "metadata": {"name": name}})
    assert status == 201, made
    return made


def on_node(server, name):
    server.call(
        lambda store: store.change("pods", "default", name, lambda p: p["spec"].update(nodeName="node1"))
    )


def test_a_pod_without_a_node_goes_at_once_and_one_on_a_node_is_marked(server):
    for name in ("free", "bound"):
        make(server, "pods", name, POD)
    on_node(server, "bound")
    status, _, body, _ = server.request("DELETE", f"{NAMESPACE}/pods/free")
    assert (status, body["kind"], body["status"]) == (200, "Status", "Success")
    status, _, body, _ = server.request("DELETE", f"{NAMESPACE}/pods/bound?gracePeriodSeconds=5")
    assert (status, body["kind"]) == (200, "Pod")
    assert body["metadata"]["deletionGracePeriodSeconds"] == 5
    first = body["metadata"]["deletionTimestamp"]
    body = server.request("DELETE", f"{NAMESPACE}/pods/bound", {"gracePeriodSeconds": 0})[2]
    assert body["metadata"]["deletionGracePeriodSeconds"] == 0
    body = server.request("DELETE", f"{NAMESPACE}/pods/bound", {"gracePeriodSeconds": 30})[2]
    assert (body["metadata"]["deletionGracePeriodSeconds"], body["metadata"]["deletionTimestamp"]) == (
        0,
        first,
    )


def test_an_object_with_a_finalizer_stays_until_it_is_taken_off(server):
    make(server, "configmaps", "held", {})
    path = f"{NAMESPACE}/configmaps/held"
    merge = "application/merge-patch+json"
    server.request("PATCH", path, {"metadata": {"finalizers": ["example.com/hold"]}}, content_type=merge)
    body = server.request("DELETE", path)[2]
    assert "deletionTimestamp" in body["metadata"]
    assert server.request("GET", path)[0] == 200
    server.request("PATCH", path, {"metadata": {"finalizers": None}}, content_type=merge)
    assert server.request("GET", path)[0] == 404


@pytest.mark.parametrize("precondition", [{"uid": "other"}, {"resourceVersion": "1"}])
def test_a_precondition_that_fails_conflicts(server, precondition):
    make(server, "configmaps", "x", {})
    status, _, body, _ = server.request(
        "DELETE", f"{NAMESPACE}/configmaps/x", {"preconditions": precondition}
    )
    assert (status, body["reason"]) == (409, "Conflict")
    assert server.request("GET", f"{NAMESPACE}/configmaps/x")[0] == 200


def test_a_dry_run_deletes_nothing(server):
    make(server, "configmaps", "x", {})
    assert server.request("DELETE", f"{NAMESPACE}/configmaps/x?dryRun=All")[0] == 200
    assert server.request("GET", f"{NAMESPACE}/configmaps/x")[0] == 200


def test_a_collection_is_deleted_by_selector(server):
    for name, labels in (("a", {"k": "v"}), ("b", {"k": "w"}), ("c", {"k": "v"})):
        server.request("POST", f"{NAMESPACE}/configmaps", {"metadata": {"name": name, "labels": labels}})
    answered = server.request("DELETE", f"{NAMESPACE}/configmaps?labelSelector=k%3Dv")[2]
    assert [each["metadata"]["name"] for each in answered["items"]] == ["a", "c"]
    left = server.request("GET", f"{NAMESPACE}/configmaps")[2]
    assert [each["metadata"]["name"] for each in left["items"]] == ["b"]


def test_system_namespaces_stay_and_a_second_deletion_conflicts(server):
    assert server.request("DELETE", "/api/v1/namespaces/default")[0] == 403
    server.make_namespace("short")
    assert server.request("DELETE", "/api/v1/namespaces/short")[2]["status"]["phase"] == "Terminating"
    assert server.request("DELETE", "/api/v1/namespaces/short")[0] == 409


def test_pages_follow_each_other_to_the_end(server):
    for name in "abcde":
        make(server, "configmaps", name, {})
    seen, token = [], ""
    for remaining in (3, 1, None):
        body = server.request("GET", f"{NAMESPACE}/configmaps?limit=2&continue={token}")[2]
        seen += [each["metadata"]["name"] for each in body["items"]]
        assert body["metadata"].get("remainingItemCount") == remaining
        token = body["metadata"].get("continue", "")
    assert (seen, token) == (list("abcde"), "")
    assert server.request("GET", f"{NAMESPACE}/configmaps?limit=2&continue=nonsense")[0] == 400
