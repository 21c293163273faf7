"""The kubelet of all nodes: follows the store's pods and gives each that is bound a worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from netprobe.lab.node.machines import Machines
from netprobe.lab.node.pod_worker import PodWorker
from netprobe.lab.store.objects import Object, Store

PODS_AT_ONCE = 32
"""How many pods are made at the same time."""

DEFAULT_GRACE = 30.0

_log = logging.getLogger(__name__)


class Kubelet:
    """Makes the pods of the store that have a node, keeps their status, and ends deleted ones.

    ``now`` returns the present as RFC 3339 in UTC. A container is ready as soon as its servers
    listen; probes of the spec are not run.
    """

    def __init__(self, store: Store, machines: Machines, now: Callable[[], str]) -> None:
        self._store = store
        self._machines = machines
        self._now = now
        self._slots = asyncio.Semaphore(PODS_AT_ONCE)
        self._lives: dict[str, tuple[PodWorker, asyncio.Task[None]]] = {}
        self._ends: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Work until cancelled; what runs then is the machines' to stop."""
        version = self._store.version
        try:
            for pod in list(self._store.list("pods")):
                self._see(pod)
            async for event in self._store.watch(version):
                if event.resource == "pods":
                    self._see(event.object, gone=event.type == "DELETED")
        finally:
            tasks = [task for _, task in self._lives.values()] + list(self._ends.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _see(self, pod: Object, *, gone: bool = False) -> None:
        meta, uid = pod["metadata"], pod["metadata"]["uid"]
        if uid in self._ends:
            return
        if gone or meta.get("deletionTimestamp"):
            grace = 0.0 if gone else float(meta.get("deletionGracePeriodSeconds", DEFAULT_GRACE))
            if uid in self._lives or (not gone and self._is_ours(pod)):
                self._ends[uid] = self._begin(self._end(pod, grace), f"end of pod {meta['name']}")
        elif uid not in self._lives and self._is_ours(pod):
            worker = self._worker(pod)
            self._lives[uid] = (worker, self._begin(worker.run(), f"pod {meta['name']}"))

    async def _end(self, pod: Object, grace: float) -> None:
        uid = pod["metadata"]["uid"]
        worker, life = self._lives.pop(uid, (None, None))
        if worker is None or life is None:
            worker = self._worker(pod)  # bound and deleted in one breath: it never lived
        else:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
        try:
            await worker.terminate(grace)
        finally:
            del self._ends[uid]

    def _worker(self, pod: Object) -> PodWorker:
        return PodWorker(self._store, self._machines, self._now, pod, self._slots)

    def _is_ours(self, pod: Object) -> bool:
        return pod["spec"].get("nodeName") in self._machines.node_names

    def _begin(self, life: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(life, name=name)
        task.add_done_callback(_report)
        return task


def _report(task: asyncio.Task[None]) -> None:
    """A fault of ours in one pod's life is told, and does not end the others'."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("%s failed", task.get_name(), exc_info=error)
