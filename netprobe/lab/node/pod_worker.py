"""The life of one pod on its node, from its binding to its end."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from netprobe.errors import EnvironmentFailure
from netprobe.lab.node import pod_plan
from netprobe.lab.node.containers import Container
from netprobe.lab.node.dns import DnsServer, serve_dns
from netprobe.lab.node.machines import Machines
from netprobe.lab.node.pod_events import PodEvents
from netprobe.lab.node.pod_plan import Image, UnusableSpec
from netprobe.lab.node.pod_status import ContainerState, PodState, write_status
from netprobe.lab.node.pods import PodRequest
from netprobe.lab.node.spec import Exit
from netprobe.lab.store.objects import Object, Store

FIRST_BACKOFF = 10.0
LONGEST_BACKOFF = 300.0


class PodWorker:
    """Makes a pod, keeps its containers running, says how it stands, and ends it."""

    def __init__(
        self,
        store: Store,
        machines: Machines,
        now: Callable[[], str],
        pod: Object,
        slots: asyncio.Semaphore,
    ) -> None:
        self._store, self._machines, self._now, self._pod, self._slots = store, machines, now, pod, slots
        self._spec = pod["spec"]
        self._key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
        self._uid: str = pod["metadata"]["uid"]
        self._events = PodEvents(store, now, pod)
        self._state = PodState(
            host_ip=machines.node_address(self._spec["nodeName"]),
            started_at=now(),
            containers=tuple(
                ContainerState(name=one["name"], image=one["image"]) for one in self._spec["containers"]
            ),
        )
        self._running: dict[str, Container] = {}
        self._dns: DnsServer | None = None

    async def run(self) -> None:
        """Live until every container has ended for good (cancelled before, when the pod is deleted)."""
        await self._make()
        async with asyncio.TaskGroup() as group:
            for container, state in zip(self._spec["containers"], self._state.containers, strict=True):
                group.create_task(self._keep_running(container, state))
        await self._take_apart()

    async def terminate(self, grace: float) -> None:
        """End the containers, by force after ``grace`` seconds, take the pod apart and out of the store."""
        running = {name: one for name, one in self._running.items() if not one.exited.done()}
        for name, container in running.items():
            self._events.record("Killing", f"Stopping container {name}")
            container.signal(signal.SIGTERM)
        if running and grace > 0:
            await asyncio.wait([one.exited for one in running.values()], timeout=grace)
        await self._take_apart()
        self._machines.forget(self._uid)
        stored = self._store.find("pods", *self._key)
        if stored is not None and stored["metadata"]["uid"] == self._uid:
            self._store.remove("pods", *self._key)

    async def _make(self) -> None:
        """Make the sandbox; tried again, with growing pauses, while the system does not allow it."""
        pause = 1.0
        while True:
            try:
                pod_plan.check(self._pod, self._machines.cni_files)
                request = PodRequest(
                    uid=self._uid,
                    node=self._spec["nodeName"],
                    hostname=pod_plan.hostname_of(self._pod),
                    resolv_conf=pod_plan.resolv_conf_of(self._pod),
                    sysctls=pod_plan.sysctls_of(self._pod),
                    host_network=bool(self._spec.get("hostNetwork")),
                    etc=pod_plan.host_files_of(self._pod, self._machines.cni_files),
                )
                async with self._slots:
                    self._state.pod_ip = await self._machines.create_pod(request)
            except UnusableSpec as error:
                self._publish()
                self._events.record("FailedMount", str(error), warning=True)
                await asyncio.Event().wait()  # a pod's spec does not change: until it is deleted
            except EnvironmentFailure as failure:
                self._publish()
                message = f"Failed to create pod sandbox: {failure.message}"
                self._events.record("FailedCreatePodSandBox", message, warning=True)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_BACKOFF)
            else:
                self._publish()  # before any container runs, so that policies can know the address
                return

    async def _keep_running(self, container: Mapping[str, Any], state: ContainerState) -> None:
        """Start the container, again and again as the pod's restartPolicy says."""
        image = pod_plan.image_of(container)
        if image is None:
            await self._fail_to_pull(state)
        policy = self._spec.get("restartPolicy") or "Always"
        backoff = 0.0
        self._events.record("Pulled", f'Container image "{state.image}" already present on machine')
        while True:
            ended = await self._run_once(container, image, state)
            state.ready = False
            state.state = {"terminated": ended}
            self._publish()
            if state.will_not_run_again(policy):
                return
            if backoff:
                await self._back_off(state, backoff)
            state.last, state.restarts = {"terminated": ended}, state.restarts + 1
            backoff = min(max(2 * backoff, FIRST_BACKOFF), LONGEST_BACKOFF)

    async def _run_once(
        self, container: Mapping[str, Any], image: Image | None, state: ContainerState
    ) -> dict[str, Any]:
        """Run the container to its end; returns its ContainerStateTerminated."""
        started_at = self._now()
        state.identity = f"containerd://{uuid.uuid4().hex}{uuid.uuid4().hex}"
        try:
            running = await self._start(container, image)
        except UnusableSpec as error:
            await self._stay(state, "CreateContainerConfigError", str(error))
        except (FileNotFoundError, EnvironmentFailure) as error:
            why = error.strerror if isinstance(error, FileNotFoundError) else error.message
            self._events.record("Failed", f"Error: {why}", warning=True)
            return self._terminated(state, Exit(code=128), started_at, reason="StartError", message=str(why))
        self._events.record("Started", f"Started container {state.name}")
        await asyncio.wait((running.ready, running.exited), return_when=asyncio.FIRST_COMPLETED)
        if running.ready.done():
            state.state, state.ready = {"running": {"startedAt": started_at}}, True
            self._publish()
        return self._terminated(state, await asyncio.shield(running.exited), started_at)

    async def _start(self, container: Mapping[str, Any], image: Image | None) -> Container:
        environment = pod_plan.environment_of(
            container,
            self._pod,
            pod_ip=self._state.pod_ip,
            host_ip=self._state.host_ip,
            hostname=pod_plan.hostname_of(self._pod),
        )
        dns = image is Image.COREDNS
        argv = ("agnhost", "pause") if dns else pod_plan.argv_of(container, environment)
        async with self._slots:
            if dns and self._dns is None:
                self._dns = await serve_dns(await self._machines.listen(self._uid, 53), self._store)
            running = await self._machines.start_container(self._uid, container["name"], argv, environment)
        self._running[container["name"]] = running
        self._events.record("Created", f"Created container: {container['name']}")
        return running

    async def _fail_to_pull(self, state: ContainerState) -> None:
        """Wait for ever with the words of a kubelet whose registry has no such image."""
        why = f'the lab has no image "{state.image}": it runs agnhost only'
        self._events.record("Failed", f'Failed to pull image "{state.image}": {why}', warning=True)
        self._events.record("Failed", "Error: ErrImagePull", warning=True)
        state.state = {"waiting": {"reason": "ErrImagePull", "message": why}}
        self._publish()
        await asyncio.sleep(FIRST_BACKOFF)
        back_off = f'Back-off pulling image "{state.image}"'
        self._events.record("BackOff", back_off)
        await self._stay(state, "ImagePullBackOff", f"{back_off}: ErrImagePull: {why}")

    async def _back_off(self, state: ContainerState, seconds: float) -> None:
        where = f"{self._key[1]}_{self._key[0]}({self._uid})"
        message = f"back-off {seconds:g}s restarting failed container={state.name} pod={where}"
        state.last, state.state = state.state, {"waiting": {"reason": "CrashLoopBackOff", "message": message}}
        self._publish()
        text = f"Back-off restarting failed container {state.name} in pod {where}"
        self._events.record("BackOff", text, warning=True)
        await asyncio.sleep(seconds)

    async def _stay(self, state: ContainerState, reason: str, message: str) -> NoReturn:
        """Wait, saying why, until the pod is deleted."""
        state.state, state.ready = {"waiting": {"reason": reason, "message": message}}, False
        self._publish()
        while True:
            await asyncio.Event().wait()

    def _terminated(
        self, state: ContainerState, end: Exit, started_at: str, *, reason: str = "", message: str = ""
    ) -> dict[str, Any]:
        return {
            "exitCode": end.code,
            **({"signal": end.signal} if end.signal else {}),
            "reason": reason or ("Completed" if end.code == 0 else "Error"),
            **({"message": message} if message else {}),
            "startedAt": started_at,
            "finishedAt": self._now(),
            "containerID": state.identity,
        }

    def _publish(self) -> None:
        """Write the status, unless the pod has been taken out of the store or replaced meanwhile."""
        stored = self._store.find("pods", *self._key)
        if stored is None or stored["metadata"]["uid"] != self._uid:
            return
        self._store.change("pods", *self._key, lambda pod: write_status(pod, self._state, self._now()))

    async def _take_apart(self) -> None:
        if self._dns is not None:
            await self._dns.close()
            self._dns = None
        await self._machines.destroy_pod(self._uid)
