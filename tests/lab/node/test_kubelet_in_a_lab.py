"""The kubelet's promises: status, events, restarts, names, ends."""

from __future__ import annotations

import asyncio
import random

import pytest

pytestmark = pytest.mark.lab


def condition(lab, name, kind):
    return next(one["status"] for one in lab.status(name)["conditions"] if one["type"] == kind)


async def says_that_a_pod_runs(lab):
    lab.create_pod("a", "node2")
    lab.create_pod("elsewhere", "node9")
    await lab.ready("a")
    status = lab.status("a")
    assert (status["phase"], status["hostIP"]) == ("Running", "172.30.0.3")
    assert status["podIPs"] == [{"ip": status["podIP"]}]
    container = lab.container("a")
    assert (container["ready"], container["started"], container["restartCount"]) == (True, True, 0)
    assert set(container["state"]) == {"running"}
    assert container["containerID"].startswith("containerd://")
    for kind in ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"):
        assert condition(lab, "a", kind) == "True"
    assert lab.reasons("a") == {"Pulled", "Created", "Started"}
    assert "status" not in lab.pod("elsewhere"), "a node that is not ours is not ours to report on"


async def has_one_image(lab):
    lab.create_pod("a", "node1", image="docker.io/library/nginx:1.27")
    lab.create_pod("b", "node1", image="agnhost")
    await lab.ready("b")
    await lab.until(lambda: "Failed" in lab.reasons("a"))
    assert lab.status("a")["phase"] == "Pending"
    waiting = lab.container("a")["state"]["waiting"]
    assert waiting["reason"] == "ErrImagePull"
    assert "docker.io/library/nginx:1.27" in waiting["message"]
    messages = [one["message"] for one in lab.store.list("events") if one["reason"] == "Failed"]
    assert any(text.startswith('Failed to pull image "docker.io/library/nginx:1.27"') for text in messages)


async def restarts_what_crashes(lab):
    lab.create_pod("flags", "node1", args=["netexec", "--no-such-flag"])
    lab.create_pod("program", "node1", command=["no-such-program"])
    lab.create_pod("once", "node1", command=["sh", "-c", "exit 4"], restartPolicy="Never")
    lab.create_pod("done", "node1", command=["true"], restartPolicy="OnFailure")
    for name in ("flags", "program"):
        await lab.until(lambda name=name: "BackOff" in lab.reasons(name))
        container = lab.container(name)
        assert container["state"]["waiting"]["reason"] == "CrashLoopBackOff"
        assert container["state"]["waiting"]["message"].startswith(
            "back-off 10s restarting failed container=main"
        )
        assert container["restartCount"] == 1, "the first restart comes at once"
        assert not container["ready"]
        assert condition(lab, name, "Ready") == "False"
    assert lab.container("flags")["lastState"]["terminated"]["exitCode"] == 1
    assert lab.container("program")["lastState"]["terminated"]["reason"] == "StartError"
    log = lab.machines.logs(lab.pod("flags")["metadata"]["uid"], "main")
    assert b"--no-such-flag" in log
    await lab.until(
        lambda: lab.status("once")["phase"] == "Failed" and lab.status("done")["phase"] == "Succeeded"
    )
    assert lab.container("once")["state"]["terminated"]["exitCode"] == 4
    assert condition(lab, "done", "Ready") == "False"


async def refuses_in_words_what_it_cannot_do(lab):
    lab.create_pod("init", "node1", initContainers=[{"name": "first", "image": "agnhost"}])
    lab.create_pod("sysctl", "node1", securityContext={"sysctls": [{"name": "kernel.msgmax", "value": "1"}]})
    await lab.until(lambda: "FailedMount" in lab.reasons("init") and "FailedMount" in lab.reasons("sysctl"))
    assert lab.status("init")["phase"] == "Pending"
    lab.delete_pod("init")
    await lab.until(lambda: lab.store.find("pods", "test", "init") is None)


async def ends_pods_as_asked(lab):
    stubborn = ["sh", "-c", "trap '' TERM; echo up; while :; do sleep 1; done"]
    for name in ("willing", "again"):
        lab.create_pod(name, "node1")
    lab.create_pod("stubborn", "node1", command=stubborn)
    await lab.ready("willing", "again", "stubborn")
    first = lab.pod("again")["metadata"]["uid"]
    lab.delete_pod("willing", grace=30)
    await lab.until(lambda: lab.store.find("pods", "test", "willing") is None, 5)
    lab.delete_pod("stubborn", grace=1)
    await lab.until(lambda: lab.store.find("pods", "test", "stubborn") is None, 5)
    assert "Killing" in lab.reasons("stubborn")
    old = lab.ip("again")
    lab.store.remove("pods", "test", "again")  # by force: the object is gone before the pod
    lab.create_pod("again", "node1")
    await lab.ready("again")
    assert lab.pod("again")["metadata"]["uid"] != first
    assert lab.ip("again") != old, "an address is not used again at once"
    lab.create_pod("brief", "node1")
    lab.delete_pod("brief")
    await lab.until(lambda: lab.store.find("pods", "test", "brief") is None, 5)
    assert [pod.request.hostname for pod in lab.machines._pods.values()] == ["again"]


async def survives_a_storm(lab):
    chance = random.Random(3)
    for number in range(100):
        lab.create_pod(f"p{number}", f"node{number % 2 + 1}")
        await asyncio.sleep(chance.random() * 0.004)  # so that pods are hit at every stage of their making
        victim = f"p{chance.randrange(max(0, number - 6), number + 1)}"
        if lab.store.find("pods", "test", victim):
            lab.delete_pod(victim)
    for pod in list(lab.store.list("pods")):
        lab.delete_pod(pod["metadata"]["name"])
    await lab.until(lambda: not list(lab.store.list("pods")))
    machines = lab.machines
    assert machines._pods == {}
    assert [len(node.addresses._taken) for node in machines._network.nodes.values()] == [0, 0]
    async with asyncio.timeout(10):
        while (left := len(machines._sandboxes._sandboxes)) > 3:  # those of cancelled creations go last
            await machines._network.node("node1").sandbox.run(["true"], "")
    assert left == 3, "the fabric and two nodes"


async def answers_names(lab):
    lab.store.create("namespaces", {"metadata": {"name": "test"}})
    lab.create_pod(
        "dns", "node2", image="registry.k8s.io/coredns/coredns:v1.12.1", labels={"k8s-app": "kube-dns"}
    )
    lab.create_pod(
        "a",
        "node1",
        dnsPolicy="None",
        dnsConfig={"nameservers": ["10.244.1.2"], "searches": ["test.svc.cluster.local"]},
    )
    service = {"clusterIP": "10.96.7.7", "ports": [{"port": 80}]}
    lab.store.create("services", {"metadata": {"name": "web", "namespace": "test"}, "spec": service})
    await lab.ready("dns", "a")
    assert lab.ip("dns") == "10.244.1.2"
    for flag in ("", "-vc"):
        code, words = await lab.sh("a", f"nslookup -timeout=1 -retry=0 {flag} web.test.svc.cluster.local.")
        assert (code, "Address: 10.96.7.7" in words) == (0, True), words
        code, words = await lab.sh("a", f"nslookup -timeout=1 -retry=0 {flag} nobody.test.svc.cluster.local.")
        assert (code, "NXDOMAIN" in words) == (1, True), words
    code, words = await lab.sh("a", "curl -sS -m 2 -o /dev/null -w '%{time_namelookup}' http://web; :")
    assert float(words.rpartition("\n")[2]) > 0, words
    lab.delete_pod("dns")
    await lab.until(lambda: lab.store.find("pods", "test", "dns") is None)
    assert (await lab.sh("a", "nslookup -timeout=1 -retry=0 web.test.svc.cluster.local."))[0] == 1


@pytest.mark.parametrize(
    "story",
    [
        says_that_a_pod_runs,
        has_one_image,
        restarts_what_crashes,
        refuses_in_words_what_it_cannot_do,
        ends_pods_as_asked,
        survives_a_storm,
        answers_names,
    ],
    ids=lambda story: story.__name__,
)
def test_the_kubelet(in_a_lab, story):
    in_a_lab(story)
