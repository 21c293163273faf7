"""The shorthand grid written out as Namespaces, Deployments and Services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from netprobe.scenario.schema import Grid

Object = dict[str, Any]


def grid_objects(grid: Grid, *, services: bool) -> Iterator[Object]:
    """Every Namespace first, then each pod name in each namespace (with its Service), in written order."""
    for namespace, labels in grid.namespaces.items():
        yield {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": namespace, "labels": {"ns": namespace, **labels}},
        }
    for namespace in grid.namespaces:
        for pod, labels in grid.pods.items():
            metadata = {"name": pod, "namespace": namespace}
            yield _deployment(grid, metadata, {"pod": pod, **labels})
            if services:
                yield _service(grid, metadata)


def _ports(grid: Grid) -> Iterator[tuple[str, int, str]]:
    for port in grid.ports:
        for protocol in grid.protocols:
            yield f"p{port}-{protocol.value.lower()}", port, protocol.value


def _deployment(grid: Grid, metadata: Mapping[str, str], labels: Mapping[str, str]) -> Object:
    name = metadata["name"]
    ports = [
        {"name": called, "containerPort": port, "protocol": protocol}
        for called, port, protocol in _ports(grid)
    ]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {**metadata, "labels": {"pod": name}},
        "spec": {
            "replicas": grid.replicas,
            "selector": {"matchLabels": {"pod": labels["pod"]}},
            "template": {
                "metadata": {"labels": dict(labels)},
                "spec": {"containers": [{"name": "server", "image": "server", "ports": ports}]},
            },
        },
    }


def _service(grid: Grid, metadata: Mapping[str, str]) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": dict(metadata),
        "spec": {
            "selector": {"pod": metadata["name"]},
            "ports": [
                {"name": called, "port": port, "protocol": protocol}
                for called, port, protocol in _ports(grid)
            ],
        },
    }
