"""The lab's fabric and nodes as sandboxes: wiring things to them and loading their rules."""

from __future__ import annotations

import asyncio
import ipaddress
import itertools
from collections.abc import Sequence

from netprobe.errors import EnvironmentFailure
from netprobe.lab.node import fabric
from netprobe.lab.node.addresses import AddressPool
from netprobe.lab.node.batching import LinkBatch
from netprobe.lab.node.sandbox import Sandbox, Sandboxes
from netprobe.lab.node.spec import SandboxSpec

_WAKE_CONNTRACK = """\
table inet netprobe_start {
    chain forward { type filter hook forward priority 0; ct state established accept; }
}
delete table inet netprobe_start
"""


class Host:
    """Something that others are attached to, a node or the fabric; ``pods`` is where addresses come from."""

    def __init__(self, sandbox: Sandbox, address: str, pods: ipaddress.IPv4Network) -> None:
        self.sandbox = sandbox
        self.address = address
        self.addresses = AddressPool(pods)
        self._wires = itertools.count(1)
        self._links = LinkBatch(sandbox)
        self._rules = asyncio.Lock()

    async def configure(self, commands: Sequence[str]) -> None:
        """Run ``ip`` commands in its namespace; raises EnvironmentFailure with the words of ``ip``."""
        await self._links.run(commands)

    async def attach(self, address: str, sandbox: Sandbox) -> None:
        """Wire a sandbox to it and route ``address`` there; raises EnvironmentFailure.

        The wire goes away with the sandbox, some time later: the kernel takes many at once, while an
        ``ip link del`` for each would take 20 ms. So each wire has a name of its own, and the route
        of a new sandbox replaces that of an old one with the same address.
        """
        device = f"pod{next(self._wires)}"
        await self.configure(fabric.attach_commands(device, address, sandbox.pid, self.address))

    async def load_rules(self, text: str) -> None:
        """Run ``nft -f -``: all of ``text`` or nothing; raises EnvironmentFailure with the words of nft."""
        async with self._rules:
            answer = await self.sandbox.run(["nft", "-f", "-"], f"{text}\n")
        if answer.code != 0:
            raise EnvironmentFailure(
                f"nft refused the rules of {self.sandbox.name}: {answer.output.strip()}",
                remedy="the lab needs nftables with connection tracking: modprobe nf_tables nf_conntrack",
            )


class LabNetwork:
    """The fabric and the nodes."""

    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes
        self.nodes: dict[str, Host] = {}
        self.places: dict[str, fabric.Node] = {}

    async def start(self, names: Sequence[str]) -> None:
        """Make the fabric and a node for each name; raises EnvironmentFailure."""
        if not 1 <= len(names) <= fabric.MAX_NODES:
            raise EnvironmentFailure(f"a lab has between 1 and {fabric.MAX_NODES} nodes, not {len(names)}")
        self.places = {name: fabric.node_at(name, index) for index, name in enumerate(names)}
        spec = SandboxSpec(
            hostname=fabric.BRIDGE,
            sysctls=fabric.ROUTER_SYSCTLS,
            known_sysctls=fabric.QUIET_SYSCTLS,
            own_network=False,
            confined=False,
        )
        agent = await self._sandboxes.create(spec)
        self.fabric = Host(agent, fabric.FABRIC_ADDRESS, fabric.FABRIC_NETWORK)
        # Loads the kernel's connection tracking where it is a module, so that the nodes can tune it.
        await self.fabric.load_rules(_WAKE_CONNTRACK)
        places = tuple(self.places.values())
        agents = await asyncio.gather(*(self._sandboxes.create(_node_spec(place.name)) for place in places))
        pids = (agent.pid for agent in agents)
        await self.fabric.configure(tuple(fabric.fabric_commands(tuple(zip(places, pids, strict=True)))))
        for place, agent in zip(places, agents, strict=True):
            self.nodes[place.name] = Host(agent, place.address, place.pods)
        await asyncio.gather(
            *(
                self.nodes[place.name].configure(tuple(fabric.node_commands(place, places)))
                for place in places
            )
        )

    def node(self, name: str) -> Host:
        """The node's host; raises EnvironmentFailure for an unknown name."""
        try:
            return self.nodes[name]
        except KeyError:
            raise EnvironmentFailure(f"the lab has no node {name} (it has {', '.join(self.nodes)})") from None


def is_own_address(address: ipaddress.IPv4Address) -> bool:
    """Whether the lab uses the address, or might, for its own pods, Services and nodes."""
    own = (fabric.FABRIC_NETWORK, fabric.POD_NETWORK, fabric.SERVICE_NETWORK)
    return any(address in network for network in own)


def _node_spec(name: str) -> SandboxSpec:
    return SandboxSpec(
        hostname=name,
        sysctls=fabric.ROUTER_SYSCTLS,
        known_sysctls=dict(itertools.chain(fabric.QUIET_SYSCTLS.items(), fabric.CONNTRACK_SYSCTLS.items())),
        confined=False,
    )
