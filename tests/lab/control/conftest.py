"""A store with two nodes, running controllers, and a kubelet that only writes statuses."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from netprobe.lab.control.controllers import Controllers
from netprobe.lab.datapath.profiles import ENFORCING, Profile
from netprobe.lab.store.objects import Object, Store

NODES = ("node1", "node2")
DEADLINE = 20.0


@dataclass
class Cluster:
    """Store plus what a test does with it; ``loads`` are the scripts that reached each node, in order."""

    store: Store
    loads: dict[str, list[str]] = field(default_factory=lambda: {node: [] for node in NODES})
    refusals: int = 0
    loaded: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait on store events until ``condition`` gives something true; fails at the deadline."""
        async with asyncio.timeout(DEADLINE), aclosing(self.store.watch()) as events:
            waiting = asyncio.ensure_future(anext(events))
            try:
                while not (result := condition()):
                    await waiting
                    waiting = asyncio.ensure_future(anext(events))
                return result
            finally:
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)

    async def until_rules(self, condition: Callable[[str], Any], node: str = "node1") -> None:
        """Wait until the newest script of ``node`` satisfies ``condition``."""
        async with asyncio.timeout(DEADLINE), self.loaded:
            await self.loaded.wait_for(lambda: self.loads[node] and condition(self.loads[node][-1]))

    async def load_rules(self, node: str, text: str) -> None:
        async with self.loaded:
            if self.refusals:
                self.refusals -= 1
                raise OSError("refused for the test")
            self.loads[node].append(text)
            self.loaded.notify_all()

    def pods(self, namespace: str = "default", **labels: str) -> list[Object]:
        return [
            pod
            for pod in self.store.list("pods", namespace)
            if labels.items() <= (pod["metadata"].get("labels") or {}).items()
            and "deletionTimestamp" not in pod["metadata"]
        ]

    def ready(self, count: int, **labels: str) -> list[Object]:
        """The pods with these labels if there are exactly ``count``, all ready; else nothing."""
        pods = self.pods(**labels)
        done = len(pods) == count and all((pod.get("status") or {}).get("podIP") for pod in pods)
        return pods if done else []

    def namespace(self, name: str, **labels: str) -> Object:
        meta = {"name": name, "labels": {"kubernetes.io/metadata.name": name, **labels}}
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": meta, "status": {"phase": "Active"}}
        return self.store.create("namespaces", body)

    def delete(self, resource: str, namespace: str, name: str, finalizer: str = "") -> None:
        """Delete as the API does: by a mark where somebody else must finish."""

        def mark(obj: Object) -> None:
            obj["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
            if finalizer:
                obj["metadata"]["finalizers"] = [finalizer]

        if finalizer or resource in ("namespaces", "pods"):
            self.store.change(resource, namespace, name, mark)
        else:
            self.store.remove(resource, namespace, name)


Running = Callable[..., AbstractAsyncContextManager[Cluster]]


@pytest.fixture
def running() -> Running:
    """``async with running() as cluster``: controllers and the status-writing kubelet at work."""

    @asynccontextmanager
    async def run(profile: Profile = ENFORCING, *, kubelet: bool = True) -> AsyncIterator[Cluster]:
        ticks = itertools.count()
        store = Store(lambda: f"2026-01-01T{next(ticks) // 3600 % 24:02}:{next(ticks) // 60 % 60:02}:00Z")
        cluster = Cluster(store)
        for name in NODES:
            labels = {"kubernetes.io/hostname": name}
            meta = {"name": name, "labels": labels}
            store.create("nodes", {"apiVersion": "v1", "kind": "Node", "metadata": meta, "spec": {}})
        cluster.namespace("default")
        controllers = Controllers(
            store,
            load_rules=cluster.load_rules,
            node_names=NODES,
            node_addresses={"node1": "172.30.0.2", "node2": "172.30.0.3"},
            pod_cidrs={"node1": "10.244.0.0/24", "node2": "10.244.1.0/24"},
            now=lambda: "2026-01-01T00:00:00Z",
            profile=profile,
            ca_pem="the CA",
        )
        jobs: list[Awaitable[None]] = [controllers.run(), *([_kubelet(store)] if kubelet else [])]
        tasks = [asyncio.ensure_future(job) for job in jobs]
        try:
            yield cluster
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(result, asyncio.CancelledError) for result in results), results

    return run


async def _kubelet(store: Store) -> None:
    hosts = {node: itertools.count(2) for node in NODES}
    async with aclosing(store.watch(0)) as events:
        async for event in events:
            pod = event.object
            if event.resource != "pods" or event.type == "DELETED" or not pod["spec"].get("nodeName"):
                continue
            namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
            if store.find("pods", namespace, name) is not pod:
                continue
            node = pod["spec"]["nodeName"]
            if "deletionTimestamp" in pod["metadata"]:
                store.remove("pods", namespace, name)
            elif not (pod.get("status") or {}).get("podIP"):
                ip = f"10.244.{NODES.index(node)}.{next(hosts[node])}"
                store.change("pods", namespace, name, lambda copy, ip=ip: _start(copy, ip))


def _start(pod: Object, ip: str) -> None:
    status = pod.setdefault("status", {})
    status.update(phase="Running", podIP=ip)
    status.setdefault("conditions", []).append({"type": "Ready", "status": "True"})
