from __future__ import annotations

import pytest

from netprobe.cluster.kube.readiness import (
    FURTHER_TRIES,
    SECOND_PULL,
    Snapshot,
    hopeless_after,
    matches,
    why_not_ready,
)
from netprobe.cluster.port import ObjectRef

LABELS = {"app": "api"}
DEPLOYMENT = ObjectRef(api_version="apps/v1", kind="Deployment", name="api", namespace="x")
SERVICE = ObjectRef(api_version="v1", kind="Service", name="api", namespace="x")


def deployment(replicas=1, updated=1, generation=1, observed=1, conditions=()):
    return {
        "metadata": {"name": "api", "generation": generation},
        "spec": {"replicas": replicas, "selector": {"matchLabels": LABELS}},
        "status": {
            "observedGeneration": observed,
            "updatedReplicas": updated,
            "conditions": list(conditions),
        },
    }


def pod(
    name="api-1", *, ready=True, ip="10.0.0.1", deleting=False, phase="Running", scheduled=True, **waiting
):
    conditions = [
        {"type": "PodScheduled", "status": str(scheduled), "message": "0/2 nodes match"},
        {"type": "Ready", "status": str(ready)},
    ]
    metadata = {"name": name, "labels": LABELS}
    if deleting:
        metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    statuses = [{"name": "c", "state": {"waiting": waiting}}] if waiting else []
    status = {"phase": phase, "podIP": ip, "conditions": conditions, "containerStatuses": statuses}
    return {"metadata": metadata, "status": status}


def slices(*addresses, ready=True):
    endpoints = [{"addresses": [address], "conditions": {"ready": ready}} for address in addresses]
    return ({"metadata": {"labels": {"kubernetes.io/service-name": "api"}}, "endpoints": endpoints},)


def warning(kind, name, message, at="2026-01-01T00:00:00Z", reason="Failed"):
    involved = {"kind": kind, "name": name}
    return {
        "type": "Warning",
        "reason": reason,
        "message": message,
        "involvedObject": involved,
        "lastTimestamp": at,
    }


def why(body, *pods, ref=DEPLOYMENT, **more):
    return why_not_ready(ref, Snapshot(objects={(ref.kind, ref.name): body}, pods=pods, **more))


def test_a_workload_with_exactly_its_ready_pods_is_ready():
    assert why(deployment(), pod()) == ""
    assert why(deployment(replicas=0, updated=0)) == ""


@pytest.mark.parametrize(
    ("body", "pods", "reason"),
    [
        (deployment(observed=0), [pod()], "has not acted"),
        (deployment(replicas=2), [pod()], "1 of 2 pods exist"),
        (deployment(updated=0), [pod()], "0 of 1 pods exist"),
        (deployment(), [pod(), pod("api-2")], "1 pod(s) of an earlier version"),
        (deployment(), [pod(), pod("old", deleting=True, ready=False)], "pod old is still terminating"),
        (deployment(), [pod(ready=False)], "pod api-1 is Running: its containers start"),
        (deployment(), [pod(ready=False, reason="ContainerCreating")], "its containers start"),
        (deployment(), [pod(ready=False, scheduled=False)], "cannot be scheduled: 0/2 nodes match"),
        (
            deployment(),
            [pod(ready=False, phase="Pending", reason="ErrImagePull", message="no such image")],
            "pod api-1 is Pending: container c: ErrImagePull (no such image)",
        ),
    ],
)
def test_why_a_workload_is_not_ready(body, pods, reason):
    assert reason in why(body, *pods)


def test_events_explain_missing_pods():
    replica_set = {("ReplicaSet", "api-5d9"): {}}
    snapshot = Snapshot(
        objects={("Deployment", "api"): deployment(), **replica_set},
        events=(
            warning("ReplicaSet", "api-5d9", "violates PodSecurity"),
            warning("Pod", "other", "irrelevant"),
        ),
    )
    assert why_not_ready(DEPLOYMENT, snapshot) == "0 of 1 pods exist; violates PodSecurity"


def test_of_the_events_of_a_pod_the_latest_and_most_telling_is_given():
    events = (
        warning("Pod", "api-1", "Error: ErrImagePull"),
        warning("Pod", "api-1", "Failed to pull image: unauthorized"),
        warning("Pod", "api-1", "Back-off pulling image and so on", reason="BackOff"),
        warning("Pod", "api-1", "an old and very long story about something else", at="2025-01-01T00:00:00Z"),
    )
    assert why(deployment(), pod(ready=False), events=events).endswith("Failed to pull image: unauthorized")


def test_a_crashing_container_tells_its_exit_code():
    crashing = pod(ready=False, reason="CrashLoopBackOff", message="back-off 10s")
    crashing["status"]["containerStatuses"][0]["lastState"] = {
        "terminated": {"exitCode": 2, "reason": "Error"}
    }
    assert "CrashLoopBackOff (back-off 10s); it ended with exit code 2 (Error)" in why(deployment(), crashing)


def service(selector=LABELS):
    return {"metadata": {"name": "api"}, "spec": {"selector": selector} if selector else {}}


@pytest.mark.parametrize(
    ("body", "pods", "given", "reason"),
    [
        (service(), [pod()], slices("10.0.0.1"), ""),
        (service(None), [], (), ""),
        (service(), [], (), ""),
        (service(), [pod()], (), "pod api-1 is not among its endpoints"),
        (service(), [pod()], slices("10.0.0.1", ready=False), "not among its endpoints"),
        (service(), [pod()], slices("10.0.0.1", "10.0.0.9"), "10.0.0.9 is an endpoint without a pod"),
        (service(), [pod(deleting=True)], (), ""),
    ],
)
def test_services(body, pods, given, reason):
    found = why(body, *pods, ref=SERVICE, slices=given)
    assert reason in found
    assert bool(found) == bool(reason)


def test_an_object_that_is_not_there():
    assert why_not_ready(SERVICE, Snapshot(objects={})) == "there is no such object"


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ({}, True),
        ({"matchLabels": {"app": "api"}}, True),
        ({"matchLabels": {"app": "web"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["api", "web"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["api"]}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["api"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
    ],
)
def test_selectors(selector, selected):
    assert matches(selector, LABELS) is selected


def test_containers_with_the_same_reason_are_told_together():
    body = pod(ready=False, reason="ErrImagePull", message="no such image")
    body["status"]["containerStatuses"] *= 2
    assert why(deployment(), body).count("ErrImagePull") == 1
    assert "containers c, c: ErrImagePull (no such image)" in why(deployment(), body)


def test_an_event_that_repeats_the_container_is_not_told_again():
    events = [warning("Pod", "api-1", 'Failed to pull image "x": no such image')]
    said = why(deployment(), pod(ready=False, reason="ErrImagePull"), events=events)
    assert said.count("no such image") == 1
    events = [warning("Pod", "api-1", 'Failed to pull image "x": the registry refuses')]
    assert "the registry refuses" in why(deployment(), pod(ready=False, reason="ErrImagePull"), events=events)


def refused(kind, name):
    return warning(kind, name, "exceeded quota", reason="FailedCreate")


@pytest.mark.parametrize(
    ("body", "pods", "events", "seconds"),
    [
        (deployment(), [pod(ready=False, reason="ErrImagePull")], (), SECOND_PULL),
        (deployment(), [pod(ready=False, reason="ImagePullBackOff")], (), SECOND_PULL),
        (deployment(replicas=2), [pod(ready=False, reason="ErrImagePull"), pod("api-2")], (), None),
        (deployment(), [pod(ready=False, reason="ContainerCreating")], (), None),
        (deployment(), [pod(ready=False, reason="ErrImagePull", deleting=True)], (), None),
        (deployment(updated=0), [], (), None),
        (deployment(updated=0), [], (refused("Deployment", "api"),), FURTHER_TRIES),
        (deployment(updated=0), [], (refused("ReplicaSet", "web-1"),), None),
    ],
)  # fmt: skip
def test_what_is_not_worth_waiting_for(body, pods, events, seconds):
    objects = {("Deployment", "api"): body}
    assert hopeless_after(DEPLOYMENT, Snapshot(objects=objects, pods=tuple(pods), events=events)) == seconds


def test_pods_that_may_not_be_created_are_hopeless_by_the_condition_alone():
    body = deployment(updated=0)
    body["status"]["conditions"] = [{"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}]
    assert hopeless_after(DEPLOYMENT, Snapshot(objects={("Deployment", "api"): body})) == FURTHER_TRIES
