"""The official Python client against the API: writes, watches, scale and exec."""

from __future__ import annotations

import threading

import pytest
from kubernetes import client, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import stream

TEMPLATE = {
    "metadata": {"labels": {"app": "web"}},
    "spec": {"containers": [{"name": "c", "image": "agnhost:2", "ports": [{"containerPort": 80}]}]},
}


@pytest.fixture
def api(server):
    configuration = client.Configuration()
    configuration.host = server.url
    configuration.ssl_ca_cert = server.ca_file
    configuration.api_key = {"authorization": f"Bearer {server.token}"}
    with client.ApiClient(configuration) as opened:
        yield opened
        opened.rest_client.pool_manager.clear()


def deployment(name="web", **spec):
    body = {"selector": {"matchLabels": {"app": "web"}}, "template": TEMPLATE, **spec}
    return {"metadata": {"name": name}, "spec": body}


def test_a_deployment_is_defaulted_scaled_patched_and_deleted(api):
    apps = client.AppsV1Api(api)
    made = apps.create_namespaced_deployment("default", deployment())
    assert made.spec.replicas == 1
    assert made.spec.strategy.rolling_update.max_surge == "25%"
    assert made.spec.template.spec.dns_policy == "ClusterFirst"
    assert made.spec.template.spec.containers[0].ports[0].protocol == "TCP"
    scaled = apps.patch_namespaced_deployment_scale("web", "default", {"spec": {"replicas": 3}})
    assert (scaled.spec.replicas, scaled.status.selector) == (3, "app=web")
    assert apps.read_namespaced_deployment("web", "default").metadata.generation == 2
    patched = apps.patch_namespaced_deployment(
        "web",
        "default",
        {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "agnhost:3"}]}}}},
    )
    container = patched.spec.template.spec.containers[0]
    assert (container.image, container.ports[0].container_port) == ("agnhost:3", 80)
    apps.delete_namespaced_deployment("web", "default")
    with pytest.raises(ApiException) as missing:
        apps.read_namespaced_deployment("web", "default")
    assert missing.value.status == 404


def test_a_selector_that_misses_its_template_is_refused(api):
    body = deployment(selector={"matchLabels": {"app": "other"}})
    with pytest.raises(ApiException) as refused:
        client.AppsV1Api(api).create_namespaced_deployment("default", body)
    assert refused.value.status == 422
    assert "`selector` does not match template `labels`" in refused.value.body


def test_services_get_addresses_of_their_own_and_keep_them(api):
    core = client.CoreV1Api(api)
    first, second = (
        core.create_namespaced_service(
            "default", {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}]}}
        )
        for name in ("a", "b")
    )
    assert first.spec.cluster_ip != second.spec.cluster_ip
    assert first.spec.cluster_ip.startswith("10.96.")
    replaced = core.replace_namespaced_service(
        "a", "default", {"metadata": {"name": "a"}, "spec": {"ports": [{"port": 81}]}}
    )
    assert replaced.spec.cluster_ip == first.spec.cluster_ip
    assert replaced.spec.ports[0].target_port == 81
    with pytest.raises(ApiException) as refused:
        core.create_namespaced_service(
            "default",
            {
                "metadata": {"name": "c"},
                "spec": {"clusterIP": first.spec.cluster_ip, "ports": [{"port": 80}]},
            },
        )
    assert "provided IP is already allocated" in refused.value.body


def test_a_stale_replacement_conflicts(api):
    networking = client.NetworkingV1Api(api)
    stale = networking.create_namespaced_network_policy(
        "default", {"metadata": {"name": "x"}, "spec": {"podSelector": {}}}
    )
    networking.patch_namespaced_network_policy("x", "default", {"metadata": {"labels": {"a": "b"}}})
    stale.metadata.labels = {"a": "c"}
    with pytest.raises(ApiException) as conflict:
        networking.replace_namespaced_network_policy("x", "default", stale)
    assert conflict.value.status == 409
    assert "please apply your changes to the latest version" in conflict.value.body


def test_a_watch_follows_a_selection_in_and_out(api, server):
    core = client.CoreV1Api(api)
    core.create_namespaced_config_map("default", {"metadata": {"name": "old", "labels": {"a": "b"}}})
    seen = []
    ready = threading.Event()

    def write():
        ready.wait(10)
        other = client.CoreV1Api(client.ApiClient(api.configuration))
        other.create_namespaced_config_map("default", {"metadata": {"name": "unseen"}})
        other.create_namespaced_config_map("default", {"metadata": {"name": "new"}})
        other.patch_namespaced_config_map("new", "default", {"metadata": {"labels": {"a": "b"}}})
        other.patch_namespaced_config_map("new", "default", {"data": {"k": "v"}})
        other.patch_namespaced_config_map("new", "default", {"metadata": {"labels": {"a": None}}})
        other.delete_namespaced_config_map("old", "default")
        other.api_client.rest_client.pool_manager.clear()
        other.api_client.close()

    writer = threading.Thread(target=write)
    writer.start()
    watcher = watch.Watch()
    for event in watcher.stream(
        core.list_namespaced_config_map, "default", label_selector="a=b", timeout_seconds=10
    ):
        seen.append((event["type"], event["object"].metadata.name))
        ready.set()
        if len(seen) == 5:
            watcher.stop()
    writer.join()
    assert seen == [
        ("ADDED", "old"),
        ("ADDED", "new"),
        ("MODIFIED", "new"),
        ("DELETED", "new"),
        ("DELETED", "old"),
    ]


def test_exec_with_stdin_and_an_exit_code(api, server):
    core = client.CoreV1Api(api)
    core.create_namespaced_pod("default", {"metadata": {"name": "p"}, "spec": TEMPLATE["spec"]})
    server.call(
        lambda store: store.change("pods", "default", "p", lambda p: p["status"].update(phase="Running"))
    )
    session = stream(
        core.connect_get_namespaced_pod_exec,
        "p",
        "default",
        command=["sh", "-c", "read line; echo got $line; exit 7"],
        stdin=True,
        stdout=True,
        stderr=True,
        tty=False,
        _preload_content=False,
    )
    session.write_stdin("hello\n")
    session.run_forever(timeout=10)
    assert (session.returncode, session.read_stdout(timeout=0)) == (7, "got hello\n")
    session.sock.shutdown()  # close() would wait for a closing frame that has come already


def test_a_wrong_token_is_unauthorized_and_none_is_forbidden(server):
    path = "/api/v1/namespaces/default/configmaps/x"
    assert server.request("GET", path, token="wrong")[0] == 401
    status, _, body, _ = server.request("GET", path, token=None)
    assert status == 403
    assert 'configmaps "x" is forbidden: User "system:anonymous" cannot get resource' in body["message"]
    assert server.request("GET", "/version", token=None)[0] == 200
