"""What netprobe writes, and above all what it does not."""

from __future__ import annotations

import pytest

from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.writing import RUN_LABEL, Writer
from netprobe.cluster.port import ObjectRef
from netprobe.errors import EnvironmentFailure, InputError, Refused


@pytest.fixture
def writer(api):
    connection = connect_to(api.kubeconfig())
    yield Writer(Rest(connection))
    connection.client.rest_client.close()


def namespace(name, run="r1"):
    labels = {RUN_LABEL: run} if run else {}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def config_map(where, **data):
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "c", "namespace": where},
        "data": data,
    }


def ref(kind, name, where=""):
    return ObjectRef(api_version="v1", kind=kind, name=name, namespace=where)


FOREIGN = {
    "object-elsewhere": lambda writer: writer.apply(config_map("kube-system")),
    "object-nowhere": lambda writer: writer.apply(config_map("")),
    "pod-elsewhere": lambda writer: writer.delete(ref("Pod", "api", "production")),
    "namespace": lambda writer: writer.delete(ref("Namespace", "production")),
    "label-of-namespace": lambda writer: writer.merge(ref("Namespace", "production"), {"metadata": {}}),
    "scale-elsewhere": lambda writer: writer.merge(
        ref("Deployment", "api", "production"), {"spec": {"replicas": 0}}
    ),
    "node-label": lambda writer: writer.merge(ref("Node", "node1"), {"metadata": {}}),
    "node": lambda writer: writer.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}}),
    "namespace-without-label": lambda writer: writer.apply(namespace("x", run="")),
}


@pytest.mark.parametrize("write", FOREIGN.values(), ids=FOREIGN)
def test_nothing_foreign_is_touched(api, writer, write):
    api.answer = lambda *_: (200, {})
    writer.apply(namespace("np-r1-x"))
    api.seen.clear()
    with pytest.raises(EnvironmentFailure):
        write(writer)
    assert api.seen == [], "not even asked"


def test_a_kind_that_netprobe_does_not_handle(writer):
    body = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "c"}}
    with pytest.raises(InputError, match="ClusterRole"):
        writer.apply(body)


def test_a_namespace_that_exists_is_not_taken_over(api, writer, failure):
    api.answer = lambda *_: failure(409, "AlreadyExists", 'namespaces "x" already exists')
    with pytest.raises(EnvironmentFailure, match="exists already"):
        writer.apply(namespace("x"))
    with pytest.raises(EnvironmentFailure, match="not touched"):
        writer.delete(ref("Namespace", "x"))


def test_a_namespace_that_lost_our_label_is_not_deleted(api, writer):
    api.answer = lambda method, _path, _body: (200, namespace("x", run="r2") if method == "GET" else {})
    writer.apply(namespace("x"))
    with pytest.raises(EnvironmentFailure, match="no longer carries") as caught:
        writer.delete(ref("Namespace", "x"))
    assert "kubectl delete namespace x" in caught.value.remedy
    assert [method for method, _, _ in api.seen] == ["POST", "GET"]


def test_our_namespace_is_deleted(api, writer):
    api.answer = lambda method, _path, _body: (200, namespace("x") if method == "GET" else {})
    writer.apply(namespace("x"))
    writer.delete(ref("Namespace", "x"))
    assert api.seen[-1][:2] == ("DELETE", "/api/v1/namespaces/x?propagationPolicy=Background")


def test_what_exists_is_replaced_over_its_version(api, writer, failure):
    present = {"metadata": {"resourceVersion": "7"}, "spec": {"clusterIP": "10.96.0.7"}}

    def answer(method, path, _body):
        if method == "POST" and path.endswith("/services"):
            return failure(409, "AlreadyExists", "exists")
        return 200, present

    api.answer = answer
    writer.apply(namespace("x"))
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "s", "namespace": "x"},
        "spec": {"ports": []},
    }
    writer.apply(service)
    method, path, body = api.seen[-1]
    assert (method, path) == ("PUT", "/api/v1/namespaces/x/services/s")
    assert body["metadata"]["resourceVersion"] == "7"
    assert body["spec"] == {"clusterIP": "10.96.0.7", "ports": []}


def test_a_conflict_is_tried_again_with_the_new_version(api, writer, failure):
    versions = iter("123")
    puts = []

    def answer(method, path, body):
        if method == "POST" and path.endswith("/configmaps"):
            return failure(409, "AlreadyExists", "exists")
        if method == "GET":
            return 200, {"metadata": {"resourceVersion": next(versions)}}
        if method == "PUT":
            puts.append(body["metadata"]["resourceVersion"])
            return failure(409, "Conflict", "modified") if len(puts) < 3 else (200, {})
        return 200, {}

    api.answer = answer
    writer.apply(namespace("x"))
    writer.apply(config_map("x"))
    assert puts == ["1", "2", "3"]


def test_a_refusal_names_the_object_and_keeps_the_servers_words(api, writer, failure):
    api.answer = lambda _method, path, _body: (
        failure(403, "Forbidden", "exceeded quota") if "configmaps" in path else (200, {})
    )
    writer.apply(namespace("x"))
    with pytest.raises(Refused, match="refused ConfigMap x/c: exceeded quota") as caught:
        writer.apply(config_map("x"))
    assert (caught.value.status, caught.value.reason) == (403, "Forbidden")


def test_deleting_what_is_gone_is_fine(api, writer, failure):
    api.answer = lambda method, _path, _body: (
        failure(404, "NotFound", "not found") if method in ("GET", "DELETE") else (200, {})
    )
    writer.apply(namespace("x"))
    writer.delete(ref("ConfigMap", "c", "x"))
    writer.delete(ref("Namespace", "x"))


def test_a_busy_server_is_asked_again(api, writer, failure):
    answers = iter([failure(429, "TooManyRequests", "slow down"), (200, {})])
    api.answer = lambda *_: next(answers)
    writer.apply(namespace("x"))
    assert len(api.seen) == 2


EXPIRED = {"netprobe.io/run": "r1", "netprobe.io/expires": "1"}


def leftover(labels, **metadata):
    known = {"name": "x", "uid": "u1", "resourceVersion": "7"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {**known, "labels": labels, **metadata}}


def test_a_leftover_is_deleted_exactly_as_it_was_seen(api, writer):
    api.answer = lambda method, _path, _body: (200, leftover(EXPIRED) if method == "GET" else {})
    writer.delete_leftover("x", "r1")
    (method, path, body) = api.seen[-1]
    assert (method, path.partition("?")[0]) == ("DELETE", "/api/v1/namespaces/x")
    assert body["preconditions"] == {"uid": "u1", "resourceVersion": "7"}
    assert body["propagationPolicy"] == "Background"


@pytest.mark.parametrize(
    ("labels", "run"),
    [
        ({}, "r1"),
        ({"netprobe.io/run": "r1"}, "r1"),
        ({"netprobe.io/expires": "1"}, "r1"),
        ({"netprobe.io/expires": "1"}, ""),
        (EXPIRED | {"netprobe.io/run": "r2"}, "r1"),
    ],
)
def test_what_does_not_carry_both_labels_of_the_run_is_no_leftover(api, writer, labels, run):
    api.answer = lambda method, _path, _body: (200, leftover(labels) if method == "GET" else {})
    with pytest.raises(EnvironmentFailure, match="is not deleted"):
        writer.delete_leftover("x", run)
    assert [method for method, _, _ in api.seen] == ["GET"]


def test_a_leftover_that_goes_already_or_is_gone_is_fine(api, writer, failure):
    api.answer = lambda *_: (200, leftover(EXPIRED, deletionTimestamp="2026-01-01T00:00:00Z"))
    writer.delete_leftover("x", "r1")
    api.answer = lambda *_: failure(404, "NotFound", 'namespaces "x" not found')
    writer.delete_leftover("x", "r1")
    assert [method for method, _, _ in api.seen] == ["GET", "GET"]


def test_a_leftover_that_changed_meanwhile_is_refused_with_its_name(api, writer, failure):
    api.answer = lambda method, *_: (
        (200, leftover(EXPIRED)) if method == "GET" else failure(409, "Conflict", "Precondition failed")
    )
    with pytest.raises(Refused, match=r"Namespace x: Precondition failed"):
        writer.delete_leftover("x", "r1")
