from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from netprobe.cluster.port import ObjectRef

RUN = {"netprobe.io/run": "r1"}
Body = dict[str, Any]


class Bodies:
    """Objects as a run applies them, all in namespace ``x``."""

    namespace: ClassVar[Body] = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "x", "labels": RUN},
    }

    @staticmethod
    def deployment(
        name: str, port: int = 8080, *, replicas: int = 1, node: str = "", image: str = "agnhost"
    ) -> Body:
        identity = "netprobe+$(NETPROBE_NAMESPACE)/$(NETPROBE_POD)/$(NETPROBE_UID)"
        fields = (("NAMESPACE", "namespace"), ("POD", "name"), ("UID", "uid"))
        container = {
            "name": "c",
            "image": image,
            "args": [
                "netexec",
                f"--http-port={port}",
                f"--udp-port={port}",
                f"--http-override=/echo?msg={identity}",
            ],
            "env": [
                {"name": f"NETPROBE_{word}", "valueFrom": {"fieldRef": {"fieldPath": f"metadata.{path}"}}}
                for word, path in fields
            ],
            "ports": [{"containerPort": port, "name": "http"}, {"containerPort": port, "protocol": "UDP"}],
        }
        spec: Body = {"containers": [container], "terminationGracePeriodSeconds": 1}
        if node:
            spec["nodeSelector"] = {"kubernetes.io/hostname": node}
        labels = {"app": name, "netprobe.io/workload": name}
        return {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": "x"},
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": {"app": name}},
                "template": {"metadata": {"labels": labels}, "spec": spec},
            },
        }

    @staticmethod
    def service(name: str, port: int = 80) -> Body:
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name, "namespace": "x"},
            "spec": {"selector": {"app": name}, "ports": [{"port": port, "targetPort": "http"}]},
        }

    @staticmethod
    def closed(name: str, *types: str) -> Body:
        """A policy that isolates a workload (``*``: all) in these directions and allows nothing."""
        selector = {} if name == "*" else {"matchLabels": {"app": name}}
        return {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": f"closed-{'all' if name == '*' else name}", "namespace": "x"},
            "spec": {"podSelector": selector, "policyTypes": list(types)},
        }

    @staticmethod
    def ref(body: Body) -> ObjectRef:
        metadata = body["metadata"]
        return ObjectRef(
            api_version=body["apiVersion"],
            kind=body["kind"],
            name=metadata["name"],
            namespace=metadata.get("namespace", ""),
        )


@pytest.fixture(scope="session")
def bodies() -> type[Bodies]:
    return Bodies


@pytest.fixture(scope="session")
def pods_of() -> Callable[..., list[Body]]:
    """The pods of a workload in a cluster's namespace ``x``, by name."""

    def pods_of(cluster: Any, workload: str) -> list[Body]:
        pods = [pod for pod in cluster.read(["x"]).pods if pod["metadata"]["namespace"] == "x"]
        mine = [pod for pod in pods if pod["metadata"]["labels"]["app"] == workload]
        return sorted(mine, key=lambda pod: pod["metadata"]["name"])

    return pods_of
