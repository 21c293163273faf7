"""Pods, and whatever is made like one, as sandboxes with a network and containers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from netprobe.lab.node import fabric
from netprobe.lab.node.containers import Container, start_container
from netprobe.lab.node.network import Host
from netprobe.lab.node.sandbox import Sandbox, Sandboxes
from netprobe.lab.node.spec import SandboxSpec

POD_SYSCTLS = {"net.ipv4.ip_unprivileged_port_start": "0"}
"""Set in every pod, as container runtimes do: an unprivileged server may listen on port 80."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PodRequest:
    """A pod to be made on ``node``. ``host_network``: it shares its node's network and address.

    ``etc`` are files of its node that it sees under /etc, by their path below that.
    """

    uid: str
    node: str
    hostname: str
    resolv_conf: str = ""
    sysctls: Mapping[str, str] = field(default_factory=dict)
    host_network: bool = False
    etc: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class Pod:
    """A pod that was made: where, its address, and the containers that were started in it."""

    request: PodRequest
    host: Host
    sandbox: Sandbox
    address: str
    containers: dict[str, Container] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


async def make_pod(sandboxes: Sandboxes, host: Host, request: PodRequest, address: str) -> Pod:
    """Make a pod on ``host`` with ``address``; raises EnvironmentFailure, and nothing is left then."""
    spec = SandboxSpec(
        hostname=request.hostname,
        etc=_etc(request, address),
        sysctls={} if request.host_network else {**POD_SYSCTLS, **request.sysctls},
        known_sysctls={} if request.host_network else fabric.QUIET_SYSCTLS,
        own_network=not request.host_network,
    )
    if request.host_network:
        sandbox = await sandboxes.create(spec, beside=host.sandbox)
    else:
        sandbox = await sandboxes.create(spec)
    try:
        if not request.host_network:
            await host.attach(address, sandbox)
        await sandbox.confine(None if request.host_network else fabric.uplink_of(address))
    except BaseException:
        await sandbox.destroy()
        raise
    return Pod(request=request, host=host, sandbox=sandbox, address=address)


async def unmake_pod(pod: Pod) -> None:
    """Kill everything in the pod and wait until it is gone."""
    await pod.sandbox.destroy()
    await asyncio.gather(*pod.tasks)


async def start_in(pod: Pod, name: str, argv: Sequence[str], environment: Mapping[str, str]) -> Container:
    """Start (again) a container of a pod.

    Raises FileNotFoundError or EnvironmentFailure when that is impossible.
    """
    container, log = await start_container(pod.sandbox, argv, environment)
    pod.containers[name] = container
    task = asyncio.create_task(container.collect_log(log))
    pod.tasks.add(task)
    task.add_done_callback(pod.tasks.discard)
    return container


def _etc(request: PodRequest, address: str) -> dict[str, str]:
    return {
        "hosts": f"127.0.0.1\tlocalhost\n::1\tlocalhost\n{address}\t{request.hostname}\n",
        "hostname": f"{request.hostname}\n",
        "resolv.conf": request.resolv_conf,
        **request.etc,
    }
