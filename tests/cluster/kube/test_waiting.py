"""Waiting for what does not come, or does not go: to the deadline, or as long as there is hope."""

from __future__ import annotations

import pytest

from netprobe.cluster.kube import readiness
from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.waiting import wait_until_gone, wait_until_ready
from netprobe.cluster.port import ObjectRef
from netprobe.errors import EnvironmentFailure

REF = ObjectRef(api_version="apps/v1", kind="Deployment", name="api", namespace="x")


class Reads:
    """Answers lists: a Deployment, and one pod in the state that the next look is to see."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = list(reasons)

    def items(self, path: str, query: object = None) -> tuple[dict, ...]:
        del query
        kind = path.rpartition("/")[2]
        if kind == "deployments":
            spec = {"replicas": 1, "selector": {"matchLabels": {"app": "api"}}}
            return ({"metadata": {"name": "api"}, "spec": spec, "status": {"updatedReplicas": 1}},)
        if kind != "pods":
            return ()
        reason = self.reasons.pop(0) if len(self.reasons) > 1 else self.reasons[0]
        ready = "True" if reason == "ready" else "False"
        waiting = {} if reason == "ready" else {"waiting": {"reason": reason, "message": "no such image"}}
        return (
            {
                "metadata": {"name": "api-1", "labels": {"app": "api"}},
                "status": {
                    "conditions": [{"type": "Ready", "status": ready}],
                    "containerStatuses": [{"name": "c", "state": waiting}],
                },
            },
        )


def test_an_image_that_cannot_be_pulled_ends_the_wait_early(monkeypatch):
    monkeypatch.setattr(readiness, "SECOND_PULL", 0.1)
    with pytest.raises(
        EnvironmentFailure, match=r"Deployment x/api: pod api-1 .*ErrImagePull \(no such image\)"
    ):
        wait_until_ready(Reads("ErrImagePull"), [REF], 60.0)


def test_one_failed_pull_is_not_the_end(monkeypatch):
    monkeypatch.setattr(readiness, "SECOND_PULL", 30.0)
    wait_until_ready(Reads("ErrImagePull", "ImagePullBackOff", "ContainerCreating", "ready"), [REF], 60.0)


def test_a_namespace_that_is_stuck_in_terminating_is_told_with_what_holds_it(api):
    why = "Discovery failed for some groups, 1 failing: unable to retrieve metrics.k8s.io/v1beta1"
    stuck = {
        "metadata": {"name": "np-1-x", "deletionTimestamp": "2026-01-01T00:00:00Z"},
        "status": {
            "phase": "Terminating",
            "conditions": [
                {"type": "NamespaceDeletionDiscoveryFailure", "status": "True", "message": why},
                {"type": "NamespaceContentRemaining", "status": "False", "message": "all is gone"},
            ],
        },
    }
    api.answer = lambda *_: (200, stuck)
    connection = connect_to(api.kubeconfig())
    with pytest.raises(EnvironmentFailure) as caught:
        wait_until_gone(Rest(connection), ["np-1-x"], 0.1)
    connection.client.rest_client.close()
    assert caught.value.message == f"After 0.1 s these namespaces still exist: np-1-x ({why})."
    assert caught.value.remedy == "Look with `kubectl get namespace np-1-x -o yaml`."
