"""Labs for the tests of this folder, seen through the official Python client."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
import yaml
from kubernetes import client, config, watch
from kubernetes.stream import stream

from netprobe.lab.cluster.lab import Lab

IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.53"


@dataclass
class User:
    """Someone with the lab's kubeconfig."""

    lab: Lab

    def __post_init__(self):
        self.api = self._connect()
        self.core = client.CoreV1Api(self.api)
        self.apps = client.AppsV1Api(self.api)
        self.networking = client.NetworkingV1Api(self.api)

    def _connect(self):
        return config.new_client_from_config_dict(yaml.safe_load(self.lab.kubeconfig()))

    def close(self):
        self.api.rest_client.pool_manager.clear()
        self.api.close()

    def deploy(self, namespace, name, *, replicas=1, port=8080, node=""):
        """Create a Deployment of agnhost servers that answer with their pod's name, and its Service."""
        labels = {"app": name}
        identity = "--http-override=/echo?msg=$(POD)"
        container = {
            "name": "server",
            "image": IMAGE,
            "args": ["netexec", f"--http-port={port}", "--udp-port=-1", identity],
            "env": [{"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
            "ports": [{"name": "http", "containerPort": port}],
        }
        spec = {"containers": [container], "terminationGracePeriodSeconds": 1}
        if node:
            spec["nodeSelector"] = {"kubernetes.io/hostname": node}
        template = {"metadata": {"labels": labels}, "spec": spec}
        body = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
        self.apps.create_namespaced_deployment(namespace, {"metadata": {"name": name}, "spec": body})
        ports = {"selector": labels, "ports": [{"port": 80, "targetPort": "http"}]}
        self.core.create_namespaced_service(namespace, {"metadata": {"name": name}, "spec": ports})

    def pods(self, namespace, name, count=1):
        """Wait until ``count`` pods of the Deployment are Ready; returns them."""
        ready = {}
        for event in watch.Watch().stream(
            self.core.list_namespaced_pod, namespace, label_selector=f"app={name}", timeout_seconds=20
        ):
            pod = event["object"]
            conditions = {c.type: c.status for c in (pod.status.conditions or ())}
            if event["type"] == "DELETED" or conditions.get("Ready") != "True":
                ready.pop(pod.metadata.name, None)
            else:
                ready[pod.metadata.name] = pod
            if len(ready) == count:
                return list(ready.values())
        raise AssertionError(f"{name}: {sorted(ready)} are Ready, {count} wanted")

    def exec(self, pod, *command):
        """Run a command in the pod; returns its exit code, stdout and stderr."""
        opened = self._connect()
        session = stream(
            client.CoreV1Api(opened).connect_get_namespaced_pod_exec,
            pod.metadata.name,
            pod.metadata.namespace,
            command=list(command),
            stdout=True,
            stderr=True,
            stdin=False,
            tty=False,
            _preload_content=False,
        )
        session.run_forever(timeout=20)
        result = (session.returncode, session.read_stdout(timeout=0), session.read_stderr(timeout=0))
        session.sock.shutdown()  # close() would wait for a closing frame that has come already
        opened.close()
        return result

    def get(self, pod, url, seconds="2"):
        """GET from inside the pod: (exit code of curl, body)."""
        code, body, _ = self.exec(pod, "curl", "-sS", "-m", seconds, url)
        return code, body

    def until(self, pod, url, wanted, seconds=10.0):
        """Repeat a GET until curl ends with the ``wanted`` exit code; returns the last one."""
        deadline = time.monotonic() + seconds
        while True:
            code, _ = self.get(pod, url, seconds="1")
            if code == wanted or time.monotonic() > deadline:
                return code


def user_of(profile):
    with Lab.start(profile) as lab:
        user = User(lab)
        yield user
        user.close()


@pytest.fixture(scope="module")
def enforcing():
    yield from user_of("enforcing")


@pytest.fixture(scope="module")
def eks_off():
    yield from user_of("eks-off")
