"""Waiting for a CNI: what holds, what does not and why, at its deadline; known troubles are named."""

from __future__ import annotations

import json

import pytest

from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.providers.kind import patience as waiting
from netprobe.cluster.providers.kind.conditions import NODES, conditions_of
from netprobe.cluster.providers.kind.patience import Patience
from netprobe.cluster.providers.kind.recipe import Ready, Sign
from netprobe.errors import EnvironmentFailure, Refused
from netprobe.manifests.yaml_source import read_documents
from tests.cluster.providers.kind.conftest import pod

DAEMONS = Ready(daemonset="kube-system/cni")
CRD = Ready(crd="things.example.org")
STATUS = Ready(resource="apis/operator.tigera.io/v1/tigerastatuses/calico", condition="Available")


@pytest.fixture
def rest(shown):
    (document,) = read_documents(shown.kubeconfig(), "k")
    connection = connect_to(document.body)
    yield Rest(connection)
    connection.client.rest_client.close()


@pytest.fixture
def wait(rest, told):
    def wait(*ready, seconds=0.3, signs=(), nodes=False):
        patience = Patience(rest=rest, title="Thing v1", cluster="np", signs=signs, tell=told.stage)
        patience.wait((*conditions_of(ready), *([NODES] if nodes else [])), seconds)

    return wait


def failure(wait, *ready, **more):
    with pytest.raises(EnvironmentFailure) as caught:
        wait(*ready, **more)
    return caught.value


def test_what_holds_is_not_told(wait, shown, told):
    for ready in (DAEMONS, CRD, STATUS):
        shown.fulfil(ready)
    wait(DAEMONS, CRD, STATUS, nodes=True)
    assert told.stages == []


def test_all_that_does_not_hold_is_told_with_its_reason(wait, shown, told):
    message = "container runtime network not ready: cni plugin not initialized"
    shown.node("late", ready=False, message=message)
    shown.condition(
        "/apis/operator.tigera.io/v1/tigerastatuses", "calico", "Available", "False", "Pod  not ready"
    )
    error = failure(wait, DAEMONS, CRD, STATUS, nodes=True)
    assert error.exit_code == 3
    first, *lines = error.message.splitlines()
    assert first.startswith("Thing v1 is not ready on the kind cluster np after ")
    assert lines == [
        "    DaemonSet kube-system/cni: there is no such object",
        "    CRD things.example.org: there is no such object",
        "    tigerastatuses/calico Available: Available is False: Pod not ready",
        f"    nodes Ready: 3 of 4 are; late: Ready is False: {message}",
    ]
    assert "--keep" in error.remedy
    names = "DaemonSet kube-system/cni, CRD things.example.org, tigerastatuses/calico Available, nodes Ready"
    assert told.stages == [f"waiting for Thing v1: 0 of 4 ({names} to come)"]


def test_progress_is_told_once_for_each_change(wait, shown, told, monkeypatch):
    looks = iter([DAEMONS, CRD, STATUS])

    def answer(path, own=shown.answer):
        if path == "/api/v1/nodes":  # asked last of every look
            shown.fulfil(next(looks, Ready(deployment="x/y")))
        return own(path)

    monkeypatch.setattr(shown, "answer", answer)
    wait(DAEMONS, CRD, STATUS, nodes=True, seconds=10)
    assert [each.partition(" (")[0] for each in told.stages] == [
        "waiting for Thing v1: 1 of 4",
        "waiting for Thing v1: 2 of 4",
        "waiting for Thing v1: 3 of 4",
    ]


def test_a_daemonset_without_pods_is_not_ready(wait, shown):
    shown.workload("DaemonSet", "kube-system/cni")
    assert "it wants no pod on any node so far" in failure(wait, DAEMONS).message


def test_pods_events_and_last_words_are_in_the_diagnosis(wait, shown):
    crashed = {
        "name": "agent",
        "ready": False,
        "restartCount": 4,
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
        "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}},
    }
    labels = {"app": "cni"}
    shown.workload(
        "DaemonSet",
        "kube-system/cni",
        pod("cni-a", labels, ready=False, containerStatuses=[crashed]),
        pod("cni-b", labels),
    )
    event = {
        "type": "Warning",
        "reason": "Unhealthy",
        "message": "Readiness probe failed",
        "involvedObject": {"kind": "Pod", "name": "cni-a"},
    }
    shown.add("/api/v1/namespaces/kube-system/events", {"metadata": {"name": "e"}, **event})
    shown.logs["cni-a"] = "".join(f"line {n}\n" for n in range(8)) + "FATAL: module openvswitch not found\n"
    sign = Sign(says="openvswitch", means="the module is missing", source="somewhere#1")
    error = failure(wait, DAEMONS, signs=[sign, Sign(says="nothing like it", means="x", source="y")])
    assert "agent: CrashLoopBackOff (back-off)" in error.message
    assert "exit code 1" in error.message
    assert "Readiness probe failed" in error.message
    assert "last words of kube-system/cni-a, container agent:" in error.message
    assert "FATAL: module openvswitch not found" in error.message
    assert "line 2\n" not in error.message
    assert error.remedy == "the module is missing (known from somewhere#1)"


def test_an_init_container_that_failed_is_heard(wait, shown):
    failed = {"name": "install", "restartCount": 0, "state": {"terminated": {"exitCode": 2}}}
    waiting = {
        "name": "agent",
        "ready": False,
        "restartCount": 0,
        "state": {"waiting": {"reason": "PodInitializing"}},
    }
    status = {"initContainerStatuses": [failed], "containerStatuses": [waiting]}
    shown.workload("DaemonSet", "kube-system/cni", pod("cni-a", {"app": "cni"}, ready=False, **status))
    shown.logs["cni-a"] = "cannot copy\n"
    message = failure(wait, DAEMONS).message
    assert "container install:" in message
    assert "cannot copy" in message
    assert "container agent:" not in message


def test_a_server_that_is_busy_is_waited_for(wait, shown, monkeypatch):
    monkeypatch.setattr(waiting, "_SHORTEST", 0.01)
    shown.fulfil(DAEMONS)
    shown.failing = [502, 502]
    wait(DAEMONS, seconds=20)


def test_a_server_that_forbids_ends_the_waiting(wait, shown):
    shown.failing = [403]
    with pytest.raises(Refused):
        wait(CRD, seconds=60)


@pytest.mark.lab
@pytest.mark.parametrize("ready", [Ready(deployment="kube-system/coredns")])
def test_a_real_api_server_answers_the_same_questions(enforcing_lab, told, ready):
    rest = Rest(connect_to(json.loads(enforcing_lab.access.kubeconfig())))
    patience = Patience(rest=rest, title="the lab", cluster="np", signs=(), tell=told.stage)
    patience.wait((*conditions_of([ready]), NODES), 30)
    with pytest.raises(EnvironmentFailure) as caught:
        patience.wait(conditions_of([DAEMONS, CRD]), 0.2)
    assert caught.value.message.count("there is no such object") == 2
