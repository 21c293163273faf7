"""Hosts outside of the cluster: containers beside the nodes, in a Docker network that the nodes join.

The network is internal (no way out, no default route for the nodes), and its range one of those that are kept
for examples: such an address is nobody's.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from netprobe.cluster.providers.kind.programs import ProgramFailed, Programs
from netprobe.errors import EnvironmentFailure
from netprobe.model.topology import ExternalHost

LABEL = "netprobe.io/kind"
"""The label of these containers and networks; its value is the kind cluster."""

_RANGES = tuple(
    ipaddress.ip_network(text)
    for text in ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24", "2001:db8::/32")
)
_SECONDS = 60.0
_RUN_SECONDS = 180.0
"""Starting a container, with the pull of its image."""
_SERVING_SECONDS = 30.0

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Provided = Mapping[str, tuple[str, Mapping[int, int]]]


@dataclass(kw_only=True, slots=True)
class Externals:
    """The external hosts of one cluster. Made when they are asked for, removed with ``remove``."""

    programs: Programs
    cluster: str
    nodes: Sequence[str]
    image: str
    tell: Callable[[str], None]
    warn: Callable[[str], None]
    _hosts: dict[str, tuple[ExternalHost, list[str]]] = field(default_factory=dict)
    _networks: dict[str, list[str]] = field(default_factory=dict)

    def provide(self, hosts: Sequence[ExternalHost]) -> Provided:
        """Make the hosts (those of an earlier call stay where they are the same).

        One whose address is not kept for examples is left out, with a warning. Raises EnvironmentFailure.
        """
        possible = [host for host in hosts if _network_of(host.address) is not None]
        for host in hosts:
            if host not in possible:
                ranges = ", ".join(str(each) for each in _RANGES)
                self.warn(f"external host {host.name} is left out: {host.address} is in none of {ranges}")
        for address in [each for each, (host, _) in self._hosts.items() if host not in possible]:
            self._drop(address)
        for host in possible:
            if host.address not in self._hosts:
                self.tell(f"making the external host {host.name} ({host.address})")
                self._make(host, [each.address for each in possible])
        return {host.name: (host.address, {port: port for port in host.ports}) for host in possible}

    def remove(self) -> None:
        """Remove containers and networks; what cannot be removed is a warning with the command."""
        try:
            for address in list(self._hosts):
                self._drop(address)
            for network in list(self._networks):
                for node in self._networks[network]:
                    self.programs.ask(
                        *("docker", "network", "disconnect", "--force", network, node), deadline=_SECONDS
                    )
                self.programs.run("docker", "network", "rm", network, deadline=_SECONDS)
                del self._networks[network]
        except EnvironmentFailure as failure:
            which = f"--quiet --filter label={LABEL}={self.cluster}"
            self.warn(
                f"external hosts of {self.cluster} may still be there ({failure.message}); remove them with "
                f"`docker rm --force $(docker ps --all {which})` and "
                f"`docker network rm $(docker network ls {which})`"
            )

    def _make(self, host: ExternalHost, addresses: Sequence[str]) -> None:
        subnet = _network_of(host.address)
        assert subnet is not None
        network = self._network(subnet, addresses)
        first, *others = dict.fromkeys(host.ports)
        name = f"{self.cluster}-external-{host.name}"
        containers: list[str] = []
        self._hosts[host.address] = (host, containers)
        ip = "--ip6" if subnet.version == 6 else "--ip"
        place: tuple[str, ...] = (f"--network={network}", f"{ip}={host.address}")
        for port in (first, *others):
            own = name if port == first else f"{name}-{port}"
            containers.append(own)
            self._serve(own, host, port, place)
            place = (f"--network=container:{name}",)

    def _serve(self, container: str, host: ExternalHost, port: int, place: Sequence[str]) -> None:
        """Start a server on a port, and wait until it answers in its own container."""
        identity = f"/echo?msg=netprobe+external/{host.name}/{secrets.token_hex(8)}"
        argv = ["docker", "run", "--detach", f"--name={container}", f"--label={LABEL}={self.cluster}", *place]
        argv += ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", self.image]
        argv += ["netexec", f"--http-port={port}", f"--udp-port={port}", f"--http-override={identity}"]
        try:
            self.programs.run(*argv, deadline=_RUN_SECONDS)
        except ProgramFailed as failed:
            raise EnvironmentFailure(
                f"the external host {host.name} could not be made. {failed.message}",
                remedy=f"check that Docker can run {self.image}, and that no container is called {container}",
            ) from failed
        ask = ("docker", "exec", container, "/agnhost", "connect", "--timeout=1s", f"localhost:{port}")
        tries = Retrying(
            retry=retry_if_result(lambda code: code != 0),
            wait=wait_fixed(0.2),
            stop=stop_after_delay(_SERVING_SECONDS),
        )
        try:
            tries(lambda: self.programs.ask(*ask, deadline=_SECONDS).code)
        except RetryError:
            log = self.programs.ask("docker", "logs", "--tail=5", container, deadline=_SECONDS)
            words = " ".join(f"{log.output} {log.errors}".split())
            raise EnvironmentFailure(
                f"external host {host.name} does not serve port {port} after {_SERVING_SECONDS:g} s: {words}",
                remedy=f"check that {self.image} is an agnhost",
            ) from None

    def _network(self, subnet: Network, addresses: Sequence[str]) -> str:
        """The name of the network of that range; when there is none, it is made and the nodes join it."""
        name = f"{self.cluster}-{str(subnet.network_address).replace(':', '-').strip('-')}"
        if name in self._networks:
            return name
        argv = ["docker", "network", "create", "--internal", f"--label={LABEL}={self.cluster}"]
        argv += ["--ipv6"] if subnet.version == 6 else [f"--ip-range={_room(subnet, addresses)}"]
        try:
            self.programs.run(*argv, f"--subnet={subnet}", name, deadline=_SECONDS)
        except ProgramFailed as failed:
            raise EnvironmentFailure(
                f"no Docker network {subnet} could be made for external hosts. {failed.message}",
                remedy="another network may have that range, or a killed run left this one: "
                "`docker network ls` shows them, `docker network rm` removes one",
            ) from failed
        self._networks[name] = []
        for node in self.nodes:
            self._networks[name].append(node)
            self.programs.run("docker", "network", "connect", name, node, deadline=_SECONDS)
        return name

    def _drop(self, address: str) -> None:
        _, containers = self._hosts[address]
        if containers:
            self.programs.run("docker", "rm", "--force", *reversed(containers), deadline=_SECONDS)
        del self._hosts[address]


def _network_of(address: str) -> Network | None:
    """The /24 or /64 of the address; None when it is in none of the ranges."""
    parsed = ipaddress.ip_address(address)
    if not any(parsed.version == each.version and parsed in each for each in _RANGES):
        return None
    return ipaddress.ip_network((parsed, 64 if parsed.version == 6 else 24), strict=False)


def _room(subnet: Network, addresses: Sequence[str]) -> str:
    """The last /28 of an IPv4 range that holds no host: for the addresses of the nodes."""
    taken = [ipaddress.ip_address(each) for each in addresses]
    rooms = [str(room) for room in subnet.subnets(new_prefix=28)]
    free = [room for room in rooms if not any(each in ipaddress.ip_network(room) for each in taken)]
    return (free or rooms)[-1]
