"""All controllers of the lab, run together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from netprobe.lab.control.daemonset import DaemonSets
from netprobe.lab.control.deployment import Deployments
from netprobe.lab.control.endpoints import EndpointSlices
from netprobe.lab.control.garbage import Garbage
from netprobe.lab.control.namespaces import Namespaces
from netprobe.lab.control.network import LoadRules, Network
from netprobe.lab.control.reconciling import Loop, Reconciler
from netprobe.lab.control.replicaset import ReplicaSets
from netprobe.lab.control.scheduler import Scheduler
from netprobe.lab.datapath.picture import NodeAddress
from netprobe.lab.datapath.profile import Profile
from netprobe.lab.datapath.profiles import ENFORCING
from netprobe.lab.store.objects import Store


class Controllers:
    """Deployments, ReplicaSets, DaemonSets, scheduling, endpoints, garbage, namespaces and the network.

    ``node_addresses`` and ``pod_cidrs`` are by node name; ``now`` returns RFC 3339 in UTC;
    ``load_rules`` puts an nft script into a node; ``ca_pem`` goes into every namespace's
    ``kube-root-ca.crt``.
    """

    def __init__(  # noqa: PLR0913 - everything that any controller needs, by name
        self,
        store: Store,
        *,
        load_rules: LoadRules,
        node_names: Sequence[str],
        node_addresses: Mapping[str, str],
        now: Callable[[], str],
        pod_cidrs: Mapping[str, str] | None = None,
        profile: Profile = ENFORCING,
        ca_pem: str = "",
    ) -> None:
        reconcilers: tuple[Reconciler, ...] = (
            Namespaces(store, now, ca_pem=ca_pem),
            Deployments(store, now),
            ReplicaSets(store, now),
            DaemonSets(store, now),
            Scheduler(store, now),
            EndpointSlices(store, now),
            Garbage(store, node_names, now),
        )
        self._loops = tuple(Loop(store, reconciler) for reconciler in reconcilers)
        cidrs = pod_cidrs or {}
        nodes = [
            NodeAddress(name=name, address=node_addresses[name], pod_cidr=cidrs.get(name, ""))
            for name in node_names
        ]
        self._network = Network(store, nodes, load_rules, profile)

    async def run(self) -> None:
        """Run all of them until cancelled; a failing object is logged and retried, never fatal."""
        async with asyncio.TaskGroup() as group:
            for loop in self._loops:
                group.create_task(loop.run())
            group.create_task(self._network.run())
