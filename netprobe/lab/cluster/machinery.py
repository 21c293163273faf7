"""The API's seam to the machines: exec, logs and external hosts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from netprobe.errors import InputError
from netprobe.lab.api.processes import ExecRequest, Machinery, Process
from netprobe.lab.node.machines import Machines
from netprobe.lab.store.objects import Object


def machinery_of(machines: Machines) -> Machinery:
    """What the API may do with the machines."""

    async def run(request: ExecRequest) -> Process:
        uid = request.pod["metadata"]["uid"]
        return await machines.exec(
            uid, request.container, request.command, stdin=request.stdin, tty=request.tty
        )

    async def logs(pod: Object, container: str) -> bytes:
        return machines.logs(pod["metadata"]["uid"], container)

    def follow_log(pod: Object, container: str) -> AsyncIterator[bytes]:
        return machines.follow_log(pod["metadata"]["uid"], container)

    async def provide_externals(hosts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        wanted = [_host(host) for host in hosts]
        await asyncio.gather(*(machines.add_external(*host) for host in wanted))
        return {
            name: {"address": address, "ports": {str(port): port for port in ports}}
            for name, address, ports in wanted
        }

    return Machinery(run=run, logs=logs, follow_log=follow_log, provide_externals=provide_externals)


def _host(host: Mapping[str, Any]) -> tuple[str, str, tuple[int, ...]]:
    """Read ``{name, address, ports}``; raises InputError for anything else."""
    match host:
        case {"name": str(name), "address": str(address), "ports": [*ports]} if all(
            type(port) is int and 0 < port < 65536 for port in ports
        ):
            return name, address, tuple(ports)
    raise InputError(f"an external host is {{name, address, ports}}, not {host}")
