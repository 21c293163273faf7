"""The controllers together: what a person who applies manifests sees happen."""

from __future__ import annotations

import asyncio

import pytest

from netprobe.lab.datapath.profiles import NONE


def deployment(name: str = "web", replicas: int = 2, **spec):
    labels = {"app": name}
    container = {
        "name": "main",
        "image": "agnhost",
        "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            **spec,
        },
    }


def service(name: str = "web", **spec):
    ports = [{"name": "", "port": 80, "targetPort": "http", "protocol": "TCP"}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"selector": {"app": name}, "clusterIP": "10.96.0.20", "ports": ports, **spec},
    }


def policy(name: str = "shut", labels=None, **spec):
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"podSelector": {"matchLabels": labels or {}}, "policyTypes": ["Ingress"], **spec},
    }


def status_of(cluster, name: str = "web"):
    return cluster.store.get("deployments", "default", name).get("status") or {}


def conditions_of(cluster):
    return {one["type"]: (one["status"], one["reason"]) for one in status_of(cluster).get("conditions", ())}


def told_by(store, component):
    return [event for event in store.list("events") if event["source"]["component"] == component]


def test_a_deployment_becomes_ready_pods_spread_over_the_nodes(running):
    async def run():
        async with running() as cluster:
            cluster.store.create("deployments", deployment(replicas=4))
            await cluster.until(lambda: status_of(cluster).get("availableReplicas") == 4)
            nodes = sorted(pod["spec"]["nodeName"] for pod in cluster.pods(app="web"))
            assert nodes == ["node1", "node1", "node2", "node2"]
            status = status_of(cluster)
            assert (status["replicas"], status["readyReplicas"], status["updatedReplicas"]) == (4, 4, 4)
            assert status["observedGeneration"] == 1
            assert "unavailableReplicas" not in status
            assert conditions_of(cluster) == {
                "Available": ("True", "MinimumReplicasAvailable"),
                "Progressing": ("True", "NewReplicaSetAvailable"),
            }
            (replica_set,) = cluster.store.list("replicasets", "default")
            pod = cluster.pods(app="web")[0]
            assert pod["metadata"]["ownerReferences"][0]["uid"] == replica_set["metadata"]["uid"]
            assert pod["metadata"]["name"].startswith(replica_set["metadata"]["name"] + "-")
            assert "pod-template-hash" in pod["metadata"]["labels"]

    asyncio.run(run())


def test_a_deployment_without_its_kubelet_is_not_available(running):
    async def run():
        async with running(kubelet=False) as cluster:
            cluster.store.create("deployments", deployment())
            await cluster.until(lambda: status_of(cluster).get("replicas") == 2)
            assert status_of(cluster)["unavailableReplicas"] == 2
            assert conditions_of(cluster)["Available"] == ("False", "MinimumReplicasUnavailable")
            assert conditions_of(cluster)["Progressing"] == ("True", "ReplicaSetUpdated")

    asyncio.run(run())


def test_scaling_and_deleted_pods_are_made_up_for(running):
    async def run():
        async with running() as cluster:
            store = cluster.store
            store.create("deployments", deployment(replicas=1))
            (pod,) = await cluster.until(lambda: cluster.ready(1, app="web"))
            store.change("deployments", "default", "web", lambda one: one["spec"].update(replicas=3))
            await cluster.until(lambda: cluster.ready(3, app="web"))
            cluster.delete("pods", "default", pod["metadata"]["name"])
            await cluster.until(lambda: cluster.ready(3, app="web"))
            assert pod["metadata"]["name"] not in {one["metadata"]["name"] for one in cluster.pods()}
            store.change("deployments", "default", "web", lambda one: one["spec"].update(replicas=0))
            await cluster.until(
                lambda: not list(store.list("pods")) and not status_of(cluster).get("replicas")
            )

    asyncio.run(run())


@pytest.mark.parametrize("strategy", [{"type": "RollingUpdate"}, {"type": "Recreate"}])
def test_a_changed_template_rolls_every_pod(running, strategy):
    async def run():
        async with running() as cluster:
            store = cluster.store
            store.create("deployments", deployment(replicas=3, strategy=strategy))
            await cluster.until(lambda: status_of(cluster).get("availableReplicas") == 3)
            most, least, recreated = 0, 3, False

            def observe():
                nonlocal most, least, recreated
                running_pods = [pod for pod in cluster.pods(app="web") if pod.get("status", {}).get("podIP")]
                most = max(most, len(cluster.pods(app="web")))
                least = min(least, len(running_pods))
                status = status_of(cluster)
                done = status.get("observedGeneration") == 2 and status.get("updatedReplicas") == 3
                return done and status.get("availableReplicas") == 3 and status.get("replicas") == 3

            def new_image(one):
                one["spec"]["template"]["spec"]["containers"][0]["image"] = "agnhost:2"

            store.change("deployments", "default", "web", new_image)
            await cluster.until(observe)
            images = {pod["spec"]["containers"][0]["image"] for pod in cluster.pods(app="web")}
            assert images == {"agnhost:2"}
            old, new = sorted(
                store.list("replicasets"),
                key=lambda one: one["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
            )
            assert (old["spec"]["replicas"], new["spec"]["replicas"]) == (0, 3)
            if strategy["type"] == "Recreate":
                assert (most, least) == (3, 0)
            else:
                assert most <= 4
                assert least == 3

    asyncio.run(run())


def test_a_relabelled_pod_is_released_replaced_and_adopted_back(running):
    async def run():
        async with running() as cluster:
            store = cluster.store
            store.create("deployments", deployment(replicas=1))
            (pod,) = await cluster.until(lambda: cluster.ready(1, app="web"))
            name = pod["metadata"]["name"]
            store.change("pods", "default", name, lambda one: one["metadata"]["labels"].update(app="odd"))
            await cluster.until(lambda: cluster.ready(1, app="web"))
            assert "ownerReferences" not in store.get("pods", "default", name)["metadata"]
            store.change("pods", "default", name, lambda one: one["metadata"]["labels"].update(app="web"))
            await cluster.until(lambda: len(list(store.list("pods"))) == 1)
            assert store.list("pods").__next__()["metadata"]["ownerReferences"]

    asyncio.run(run())


def test_a_daemon_set_runs_on_every_node_and_decor_is_left_alone(running):
    async def run():
        async with running() as cluster:
            daemon_set = deployment("agent") | {"kind": "DaemonSet"}
            del daemon_set["spec"]["replicas"]
            decor = deployment("decor") | {"kind": "DaemonSet", "status": {"numberReady": 2}}
            decor["metadata"]["annotations"] = {"netprobe.io/decor": "true"}
            stored = cluster.store.create("daemonsets", decor)
            cluster.store.create("daemonsets", daemon_set)
            pods = await cluster.until(lambda: cluster.ready(2, app="agent"))
            assert sorted(pod["spec"]["nodeName"] for pod in pods) == ["node1", "node2"]

            def status():
                return cluster.store.get("daemonsets", "default", "agent").get("status") or {}

            await cluster.until(lambda: status().get("numberReady") == 2)
            assert (status()["desiredNumberScheduled"], status()["updatedNumberScheduled"]) == (2, 2)
            assert cluster.store.get("daemonsets", "default", "decor") is stored
            assert not cluster.pods(app="decor")

            def new_image(one):
                one["spec"]["template"]["spec"]["containers"][0]["image"] = "agnhost:2"

            cluster.store.change("daemonsets", "default", "agent", new_image)
            await cluster.until(
                lambda: (
                    (pods := cluster.ready(2, app="agent"))
                    and {pod["spec"]["containers"][0]["image"] for pod in pods} == {"agnhost:2"}
                )
            )

    asyncio.run(run())


def test_a_pod_that_fits_nowhere_stays_pending_and_says_why(running):
    async def run():
        async with running() as cluster:
            store = cluster.store
            template = {"nodeSelector": {"disk": "ssd"}, "containers": [{"name": "main", "image": "agnhost"}]}
            picky = deployment("picky", 1)
            picky["spec"]["template"]["spec"] = template
            store.create("deployments", picky)
            (event,) = await cluster.until(lambda: told_by(store, "default-scheduler"))
            assert (event["type"], event["reason"]) == ("Warning", "FailedScheduling")
            (pod,) = cluster.pods(app="picky")
            assert event["involvedObject"]["uid"] == pod["metadata"]["uid"]
            (condition,) = pod["status"]["conditions"]
            assert (condition["type"], condition["status"]) == ("PodScheduled", "False")
            assert condition["reason"] == "Unschedulable"
            store.change("nodes", "", "node2", lambda node: node["metadata"]["labels"].update(disk="ssd"))
            (placed,) = await cluster.until(lambda: cluster.ready(1, app="picky"))
            assert placed["spec"]["nodeName"] == "node2"
            assert placed["status"]["conditions"][0]["status"] == "True"

    asyncio.run(run())


def test_a_service_gets_its_slice_and_the_network_its_translation(running):
    async def run():
        async with running() as cluster:
            cluster.store.create("services", service())
            cluster.store.create("deployments", deployment())
            pods = await cluster.until(lambda: cluster.ready(2, app="web"))
            addresses = sorted(pod["status"]["podIP"] for pod in pods)

            def slices():
                found = list(cluster.store.list("endpointslices", "default"))
                return found if len(found) == 1 and len(found[0]["endpoints"]) == 2 else None

            (one,) = await cluster.until(slices)
            assert one["ports"] == [{"name": "", "port": 8080, "protocol": "TCP"}]
            assert one["metadata"]["labels"]["kubernetes.io/service-name"] == "web"
            await cluster.until_rules(lambda text: f"0 : {addresses[0]} . 8080, 1 : {addresses[1]}" in text)
            assert "10.96.0.20 . tcp . 80 : goto service_1" in cluster.loads["node2"][-1]
            cluster.delete("services", "default", "web")
            await cluster.until(lambda: not list(cluster.store.list("endpointslices")))
            await cluster.until_rules(lambda text: "10.96.0.20" not in text)

    asyncio.run(run())


def test_deleting_a_deployment_takes_everything_with_it(running):
    async def run():
        async with running() as cluster:
            for finalizer in ("", "foregroundDeletion"):
                cluster.store.create("deployments", deployment())
                await cluster.until(lambda: cluster.ready(2, app="web"))
                cluster.delete("deployments", "default", "web", finalizer)
                resources = ("deployments", "replicasets", "pods")
                await cluster.until(
                    lambda names=resources: not any(list(cluster.store.list(one)) for one in names)
                )

    asyncio.run(run())


def test_orphaning_keeps_the_dependents(running):
    async def run():
        async with running() as cluster:
            cluster.store.create("deployments", deployment())
            pods = await cluster.until(lambda: cluster.ready(2, app="web"))
            cluster.delete("deployments", "default", "web", "orphan")
            await cluster.until(lambda: cluster.store.find("deployments", "default", "web") is None)
            (replica_set,) = cluster.store.list("replicasets", "default")
            assert "ownerReferences" not in replica_set["metadata"]
            assert {pod["metadata"]["uid"] for pod in cluster.pods()} == {
                pod["metadata"]["uid"] for pod in pods
            }

    asyncio.run(run())


def test_a_namespace_is_furnished_and_emptied_before_it_goes(running):
    async def run():
        async with running() as cluster:
            store = cluster.store
            cluster.namespace("shop")
            await cluster.until(lambda: store.find("configmaps", "shop", "kube-root-ca.crt"))
            assert store.get("configmaps", "shop", "kube-root-ca.crt")["data"] == {"ca.crt": "the CA"}
            assert store.find("serviceaccounts", "shop", "default")
            body = deployment()
            body["metadata"]["namespace"] = "shop"
            store.create("deployments", body)
            await cluster.until(lambda: len(cluster.pods("shop")) == 2)
            cluster.delete("namespaces", "", "shop")
            await cluster.until(lambda: store.find("namespaces", "", "shop") is None)
            left = ("pods", "deployments", "replicasets", "serviceaccounts", "configmaps", "events")
            assert not [obj for resource in left for obj in store.list(resource, "shop")]

    asyncio.run(run())


def test_a_policy_reaches_both_nodes_in_one_load_each_and_leaves_again(running):
    async def run():
        async with running() as cluster:
            cluster.store.create("deployments", deployment())
            pods = await cluster.until(lambda: cluster.ready(2, app="web"))
            await cluster.until_rules(lambda text: "drop" not in text)
            before = {node: len(texts) for node, texts in cluster.loads.items()}
            cluster.store.create("networkpolicies", policy())
            for pod in pods:
                rule = f"{pod['status']['podIP']} : jump ingress_1"
                await cluster.until_rules(lambda text, rule=rule: rule in text, pod["spec"]["nodeName"])
            assert {node: len(texts) - before[node] for node, texts in cluster.loads.items()} == {
                "node1": 1,
                "node2": 1,
            }
            cluster.store.remove("networkpolicies", "default", "shut")
            await cluster.until_rules(lambda text: "drop" not in text)

    asyncio.run(run())


def test_a_refused_load_is_tried_again(running):
    async def run():
        async with running() as cluster:
            await cluster.until_rules(bool, "node2")
            cluster.refusals = 1
            cluster.store.create("networkpolicies", policy())
            cluster.store.create("deployments", deployment())
            for node in ("node1", "node2"):
                await cluster.until_rules(lambda text: "jump ingress_1" in text, node)
            assert cluster.refusals == 0

    asyncio.run(run())


def test_the_profile_none_serves_services_and_ignores_policies(running):
    async def run():
        async with running(NONE) as cluster:
            cluster.store.create("networkpolicies", policy())
            cluster.store.create("services", service())
            cluster.store.create("deployments", deployment())
            await cluster.until_rules(lambda text: "goto service_1" in text)
            assert not any("drop" in text for texts in cluster.loads.values() for text in texts)

    asyncio.run(run())
