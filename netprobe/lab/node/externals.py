"""Hosts outside of the cluster: attached to the fabric, saying who they are."""

from __future__ import annotations

import asyncio
import ipaddress
import uuid
from collections.abc import Sequence

from netprobe.errors import EnvironmentFailure, InputError
from netprobe.lab.node.network import Host, is_own_address
from netprobe.lab.node.pods import Pod, PodRequest, make_pod, start_in, unmake_pod
from netprobe.lab.node.sandbox import Sandboxes


class Externals:
    """The external hosts of a lab, by name."""

    def __init__(self, sandboxes: Sandboxes, fabric_host: Host) -> None:
        self._sandboxes = sandboxes
        self._fabric = fabric_host
        self._hosts: dict[str, tuple[Pod, frozenset[int]]] = {}
        self._lock = asyncio.Lock()

    async def provide(self, name: str, address: str, ports: Sequence[int]) -> None:
        """Make a host that serves TCP and UDP on ``ports``; see ``Machines.add_external``."""
        async with self._lock:
            wanted = _checked(address)
            old = self._hosts.get(name)
            if old is not None and (old[0].address, old[1]) == (wanted, frozenset(ports)):
                return
            if any(pod.address == wanted for other, (pod, _) in self._hosts.items() if other != name):
                raise InputError(f"external host {name}: {wanted} is the address of another external host")
            if old is not None:
                del self._hosts[name]
                await unmake_pod(old[0])
            await self._make(name, wanted, frozenset(ports))

    async def _make(self, name: str, address: str, ports: frozenset[int]) -> None:
        request = PodRequest(uid=str(uuid.uuid4()), node="", hostname=name)
        pod = await make_pod(self._sandboxes, self._fabric, request, address)
        try:
            await asyncio.gather(*(_serve(pod, port) for port in sorted(ports)))
        except BaseException:
            await unmake_pod(pod)
            raise
        self._hosts[name] = (pod, ports)


async def _serve(pod: Pod, port: int) -> None:
    name = pod.request.hostname
    identity = f"/echo?msg=netprobe+external/{name}/{pod.request.uid}"
    argv = ("agnhost", "netexec", f"--http-port={port}", f"--udp-port={port}", f"--http-override={identity}")
    server = await start_in(pod, f"port-{port}", argv, {})
    await asyncio.wait((server.ready, server.exited), return_when=asyncio.FIRST_COMPLETED)
    if not server.ready.done():
        words = server.log.text().decode(errors="replace").strip()
        raise EnvironmentFailure(f"external host {name} cannot serve port {port}: {words}")


def _checked(text: str) -> str:
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        raise InputError(f"{text} is no IPv4 address", remedy="the lab speaks IPv4 only") from None
    unusable = address.is_loopback or address.is_multicast or address.is_unspecified or address.is_link_local
    if unusable or is_own_address(address):
        raise InputError(
            f"the lab cannot give {text} to an external host: it uses that range itself",
            remedy="choose an address such as 203.0.113.10 (those of RFC 5737 are for examples)",
        )
    return str(address)
