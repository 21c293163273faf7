from __future__ import annotations

import pytest

from netprobe.lab.node.pod_status import ContainerState, PodState, write_status


def container(name="a", **state):
    return ContainerState(name=name, image="agnhost", state=state)


def ended(code, name="a"):
    return container(name, terminated={"exitCode": code})


RUNNING = container(running={"startedAt": "t"})
WAITING = container(waiting={"reason": "ContainerCreating"})
CRASHED = ContainerState(
    name="a", image="agnhost", state={"waiting": {"reason": "CrashLoopBackOff"}}, last={"terminated": {}}
)


@pytest.mark.parametrize(
    ("containers", "policy", "phase"),
    [
        ((WAITING,), "Always", "Pending"),
        ((RUNNING, WAITING), "Always", "Pending"),
        ((RUNNING,), "Always", "Running"),
        ((CRASHED,), "Always", "Running"),
        ((ended(0),), "Always", "Running"),
        ((ended(0),), "Never", "Succeeded"),
        ((ended(0), ended(3)), "Never", "Failed"),
        ((ended(0), RUNNING), "Never", "Running"),
        ((ended(3),), "OnFailure", "Running"),
        ((ended(0),), "OnFailure", "Succeeded"),
    ],
)
def test_the_phase_is_as_the_reference_defines_it(containers, policy, phase):
    assert PodState(host_ip="h", started_at="t", containers=containers).phase(policy) == phase


def written(pod, state, now):
    write_status(pod, state, now)
    return {one["type"]: one for one in pod["status"]["conditions"]}


def test_conditions_keep_their_transition_time_and_others_conditions():
    scheduled = {"type": "PodScheduled", "status": "True", "lastTransitionTime": "t0"}
    pod = {
        "metadata": {"generation": 4},
        "spec": {"containers": [{"name": "a"}]},
        "status": {"conditions": [scheduled]},
    }
    state = PodState(host_ip="172.30.0.2", started_at="t1", containers=(container(waiting={}),))
    first = written(pod, state, "t1")
    assert first["PodScheduled"] == {**first["PodScheduled"], **scheduled}
    assert (first["Ready"]["status"], first["Ready"]["reason"]) == ("False", "ContainersNotReady")
    assert first["Ready"]["message"] == "containers with unready status: [a]"
    assert "podIP" not in pod["status"]
    state.pod_ip = "10.244.0.2"
    state.containers[0].state, state.containers[0].ready = {"running": {}}, True
    second = written(pod, state, "t2")
    assert (second["Ready"]["status"], second["Ready"]["lastTransitionTime"]) == ("True", "t2")
    assert "reason" not in second["Ready"]
    assert second["Initialized"]["lastTransitionTime"] == "t1"
    assert second["Initialized"]["observedGeneration"] == 4
    assert pod["status"]["podIPs"] == [{"ip": "10.244.0.2"}]
    assert len(pod["status"]["conditions"]) == 5


@pytest.mark.parametrize(
    ("resources", "quality"),
    [
        ({}, "BestEffort"),
        ({"requests": {"cpu": "1m"}}, "Burstable"),
        ({"limits": {"cpu": "1", "memory": "1"}}, "Guaranteed"),
        ({"limits": {"cpu": "1", "memory": "1"}, "requests": {"cpu": "1m"}}, "Burstable"),
    ],
)
def test_quality_of_service(resources, quality):
    pod = {"metadata": {}, "spec": {"containers": [{"name": "a", "resources": resources}]}}
    write_status(pod, PodState(host_ip="h", started_at="t", containers=(RUNNING,)), "t")
    assert pod["status"]["qosClass"] == quality
