"""Waiting for workloads: to the deadline, or as long as there is hope."""

from __future__ import annotations

import pytest

from netprobe.cluster.kube import readiness
from netprobe.cluster.kube.waiting import wait_until_ready
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
