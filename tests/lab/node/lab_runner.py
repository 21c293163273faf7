"""Enters isolation and runs one coroutine of a test module with a small lab: two nodes, a kubelet."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from netprobe.lab.kernel.isolation import assert_no_uplink, enter_isolation
from netprobe.lab.kernel.programs import require_programs
from netprobe.lab.node.kubelet import Kubelet
from netprobe.lab.node.machines import Machines
from netprobe.lab.node.zygote import start_zygote
from netprobe.lab.store.objects import Object, Store

IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.53"
ENV = [
    {"name": name, "valueFrom": {"fieldRef": {"fieldPath": f"metadata.{field}"}}}
    for name, field in (("NS", "namespace"), ("POD", "name"), ("POD_UID", "uid"))
]
SERVER = (
    "netexec",
    "--http-port=8080",
    "--udp-port=8081",
    "--http-override=/echo?msg=netprobe+$(NS)/$(POD)/$(POD_UID)",
)


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@dataclass(slots=True)
class Lab:
    store: Store
    machines: Machines

    def create_pod(
        self, name: str, node: str, *, args=SERVER, image=IMAGE, command=(), labels=None, **spec
    ) -> Object:
        container = {"name": "main", "image": image, "args": list(args), "env": ENV}
        if command:
            container["command"] = list(command)
        meta = {"name": name, "namespace": "test", "labels": labels or {}}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": meta}
        return self.store.create(
            "pods", {**pod, "spec": {"nodeName": node, "containers": [container], **spec}}
        )

    def delete_pod(self, name: str, grace: int = 1) -> None:
        def mark(pod: Object) -> None:
            pod["metadata"] |= {"deletionTimestamp": now(), "deletionGracePeriodSeconds": grace}

        self.store.change("pods", "test", name, mark)

    def pod(self, name: str) -> Object:
        return self.store.get("pods", "test", name)

    def status(self, name: str) -> Object:
        return self.pod(name).get("status", {})

    def container(self, name: str) -> Object:
        return self.status(name)["containerStatuses"][0]

    def ip(self, name: str) -> str:
        return self.status(name)["podIP"]

    def is_ready(self, name: str) -> bool:
        conditions = self.status(name).get("conditions", ())
        return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)

    async def until(self, condition: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait for a condition on the store."""
        async with (
            asyncio.timeout(seconds),
            contextlib.aclosing(self.store.watch(self.store.version)) as events,
        ):
            while not condition():
                await anext(events)

    async def ready(self, *names: str) -> None:
        await self.until(lambda: all(self.is_ready(name) for name in names))

    async def sh(self, name: str, script: str) -> tuple[int, str]:
        """Run a shell script in a pod; its exit code, and stdout and stderr together."""
        process = await self.machines.exec(
            self.pod(name)["metadata"]["uid"], "main", ["sh", "-c", f"exec 2>&1; {script}"]
        )
        try:
            output = b""
            while chunk := await process.read_stdout():
                output += chunk
            return await process.wait(), output.decode()
        finally:
            process.kill()

    def reasons(self, name: str) -> set[str]:
        """The reasons of the events about a pod."""
        return {one["reason"] for one in self.store.list("events") if one["involvedObject"]["name"] == name}


async def main(path: str, name: str) -> None:
    spec = importlib.util.spec_from_file_location("the_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    store, machines = Store(now), Machines(ZYGOTE)
    await machines.start(["node1", "node2"])
    kubelet = asyncio.create_task(Kubelet(store, machines, now).run())
    try:
        async with asyncio.timeout(60):
            await getattr(module, name)(Lab(store, machines))
    finally:
        kubelet.cancel()
        await asyncio.gather(kubelet, return_exceptions=True)
        await machines.stop()


if __name__ == "__main__":
    logging.basicConfig()
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # its debug mode warns of a slow machine
    require_programs()
    enter_isolation()
    assert_no_uplink()
    ZYGOTE = start_zygote()
    asyncio.run(main(*sys.argv[1:]))
