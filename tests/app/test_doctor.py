"""The pod that ``netprobe doctor --pull`` tries, on clusters that refuse, wait or hold on to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from netprobe.app.doctor import trials_for, try_pod
from netprobe.errors import EnvironmentFailure
from netprobe.model.checkup import Health
from netprobe.runner.site import RUN_LABEL
from netprobe.scenario.dressing import DEFAULT_IMAGE

NOW = datetime(2026, 5, 1, tzinfo=UTC)


class Cluster:
    """Notes what it is asked for; ``fails`` maps a method to the message that it raises."""

    def __init__(self, **fails):
        self.done = []
        self.fails = fails

    def _do(self, method, what):
        self.done.append((method, what))
        key = f"{method}_{what}" if f"{method}_{what}" in self.fails else method
        if key in self.fails:
            raise EnvironmentFailure(self.fails[key], remedy="look")

    def apply(self, objects):
        for body in objects:
            self._do("apply", body["kind"])

    def wait_ready(self, refs, deadline):
        self._do("wait_ready", refs[0].kind)

    def delete(self, refs):
        self._do("delete", refs[0].kind)

    def wait_gone(self, namespaces, deadline):
        self._do("wait_gone", "Namespace")


CLEANUP = [("delete", "Namespace"), ("wait_gone", "Namespace")]


def tried(cluster):
    return try_pod(cluster, "image:1", 5.0, NOW)


def test_a_pod_that_gets_ready_and_goes():
    cluster = Cluster()
    check = tried(cluster)
    assert (check.health, check.remedy) == (Health.OK, "")
    assert cluster.done == [
        ("apply", "Namespace"),
        ("apply", "Deployment"),
        ("wait_ready", "Deployment"),
        *CLEANUP,
    ]


@pytest.mark.parametrize("method", ["apply_Deployment", "wait_ready"])
def test_a_pod_that_does_not_get_ready_is_removed(method):
    cluster = Cluster(**{method: "Not ready: ErrImagePull"})
    check = tried(cluster)
    assert (check.health, check.found, check.remedy) == (Health.FAILED, "Not ready: ErrImagePull", "look")
    assert cluster.done[-2:] == CLEANUP


def test_what_was_not_made_is_not_removed():
    cluster = Cluster(apply="refused")
    assert tried(cluster).health is Health.FAILED
    assert cluster.done == [("apply", "Namespace")]


def test_a_namespace_that_stays_in_terminating_is_said():
    check = tried(Cluster(wait_gone="After 60 s these namespaces still exist: x"))
    assert check.health is Health.WARNING
    assert "was ready after" in check.found
    assert "still exist" in check.found
    assert "kubectl get namespace np-" in check.remedy
    both = tried(Cluster(wait_ready="no", wait_gone="still exist"))
    assert (both.health, both.found) == (Health.FAILED, "no; still exist")


def test_the_trials_are_those_of_a_run():
    trials = trials_for(DEFAULT_IMAGE, {RUN_LABEL: "x", "netprobe.io/expires": "1"})
    labels = trials.namespace["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    spec = trials.pod["spec"]
    assert trials.pod["metadata"]["namespace"] == "default"
    assert spec["containers"][0]["image"] == DEFAULT_IMAGE
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["automountServiceAccountToken"] is False
