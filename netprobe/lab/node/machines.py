"""The machines of the lab: nodes, the pods on them, and hosts outside of the cluster.

What a container runtime and a network plug-in do together: the kubelet decides, this does.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Mapping, Sequence

from netprobe.errors import EnvironmentFailure
from netprobe.lab.node.containers import Container, ContainerLog
from netprobe.lab.node.externals import Externals
from netprobe.lab.node.network import LabNetwork
from netprobe.lab.node.pod_plan import NO_FILES
from netprobe.lab.node.pods import Pod, PodRequest, make_pod, start_in, unmake_pod
from netprobe.lab.node.process import Process, start_process
from netprobe.lab.node.sandbox import Sandboxes
from netprobe.lab.node.zygote import Zygote


class Machines:
    """Everything of the lab that runs and carries packets. Use it from one event loop.

    ``cni_files`` are what every node keeps in /etc/cni/net.d, name → text; without any it has no such folder.
    """

    def __init__(self, zygote: Zygote, cni_files: Mapping[str, str] = NO_FILES) -> None:
        self._zygote = zygote
        self.cni_files = cni_files
        self._pods: dict[str, Pod] = {}
        self._ended_logs: dict[str, dict[str, ContainerLog]] = {}

    async def start(self, node_names: Sequence[str]) -> None:
        """Make the fabric and the nodes; raises EnvironmentFailure."""
        self._sandboxes = Sandboxes(self._zygote)
        self._network = LabNetwork(self._sandboxes)
        await self._network.start(node_names)
        self._externals = Externals(self._sandboxes, self._network.fabric)

    async def stop(self) -> None:
        """Kill every pod and node, and wait until they are gone."""
        await self._sandboxes.close()
        self._pods.clear()
        self._ended_logs.clear()

    @property
    def node_names(self) -> tuple[str, ...]:
        """The names of the nodes, in order."""
        return tuple(self._network.places)

    def node_address(self, name: str) -> str:
        """The node's address on the fabric; raises EnvironmentFailure for an unknown node."""
        return self._network.node(name).address

    def pod_cidr(self, name: str) -> str:
        """The network of the node's pods, such as 10.244.0.0/24; raises EnvironmentFailure likewise."""
        self._network.node(name)
        return str(self._network.places[name].pods)

    async def load_rules(self, node: str, text: str) -> None:
        """Replace rules in a node by ``nft -f -``: all of ``text`` or nothing.

        Raises EnvironmentFailure with the words of nft.
        """
        await self._network.node(node).load_rules(text)

    async def create_pod(self, request: PodRequest) -> str:
        """Make a pod's sandbox and network and return its address; raises EnvironmentFailure."""
        host = self._network.node(request.node)
        address = host.address
        if not request.host_network:
            address = host.addresses.take()
        try:
            self._pods[request.uid] = await make_pod(self._sandboxes, host, request, address)
        except BaseException:
            if not request.host_network:
                host.addresses.give_back(address)
            raise
        return address

    async def start_container(
        self, uid: str, name: str, argv: Sequence[str], environment: Mapping[str, str]
    ) -> Container:
        """Start (again) a container of a pod: the lab's agnhost, or a program of the system.

        Raises FileNotFoundError or EnvironmentFailure when that is impossible.
        """
        return await start_in(self._pod(uid), name, argv, environment)

    async def listen(self, uid: str, port: int) -> tuple[socket.socket, socket.socket]:
        """A UDP and a listening TCP socket in the pod's network, for the caller to serve and close."""
        return await self._pod(uid).sandbox.listen(port)

    def forget(self, uid: str) -> None:
        """Forget the logs of a destroyed pod, which are kept until then."""
        self._ended_logs.pop(uid, None)

    async def destroy_pod(self, uid: str) -> None:
        """Kill what runs in the pod, take its network away and free its address; no pod is fine."""
        if (pod := self._pods.pop(uid, None)) is None:
            return
        self._ended_logs[uid] = {name: container.log for name, container in pod.containers.items()}
        try:
            await unmake_pod(pod)
        finally:
            if not pod.request.host_network:
                pod.host.addresses.give_back(pod.address)

    async def exec(
        self, uid: str, container: str, argv: Sequence[str], *, stdin: bool = False, tty: bool = False
    ) -> Process:
        """Start a program beside a container's own, with its environment.

        Raises FileNotFoundError when the pod has no such program, EnvironmentFailure when the
        container does not run or the program cannot be run.
        """
        running = self._running(uid, container)
        environment = {**running.environment, **({"TERM": "xterm"} if tty else {})}
        return await start_process(self._pod(uid).sandbox, argv, environment, stdin=stdin, terminal=tty)

    def logs(self, uid: str, container: str) -> bytes:
        """What the container wrote since it was last started; raises EnvironmentFailure if it never was."""
        return self._log(uid, container).text()

    def follow_log(self, uid: str, container: str) -> AsyncIterator[bytes]:
        """What ``logs`` gives, and then what is added until the container ends; raises as it does."""
        return self._log(uid, container).follow()

    async def add_external(self, name: str, address: str, ports: Sequence[int]) -> None:
        """Make a host outside of the cluster that serves TCP and UDP on ``ports`` and says who it is.

        The same host again changes nothing, another one of that name replaces it. Raises InputError
        for an address that the lab uses itself or that belongs to another external host.
        """
        await self._externals.provide(name, address, ports)

    def _pod(self, uid: str) -> Pod:
        try:
            return self._pods[uid]
        except KeyError:
            raise EnvironmentFailure(f"pod {uid} does not run on any node") from None

    def _container(self, uid: str, name: str) -> Container:
        container = self._pods[uid].containers.get(name) if uid in self._pods else None
        if container is None:
            raise EnvironmentFailure(f'container not found ("{name}")')
        return container

    def _log(self, uid: str, name: str) -> ContainerLog:
        ended = self._ended_logs.get(uid, {}).get(name)
        return self._container(uid, name).log if ended is None else ended

    def _running(self, uid: str, name: str) -> Container:
        container = self._container(uid, name)
        if container.exited.done():
            raise EnvironmentFailure(f'container not found ("{name}")')
        return container
