"""Cluster addresses and node ports of Services: handed out in turn, so that a freed one rests for long."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterator

from netprobe.lab.api.status_errors import internal
from netprobe.lab.store.objects import Store

CLUSTER_RANGE = ipaddress.IPv4Network("10.96.0.0/16")
NODE_PORTS = range(30000, 32768)
_FIRST = 256
"""The first 256 addresses are for those who ask for one (such as the DNS Service)."""


class ServiceAddresses:
    """Chooses addresses and ports that no Service in the store holds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._offsets = itertools.cycle(range(_FIRST, CLUSTER_RANGE.num_addresses - 1))
        self._ports = itertools.cycle(NODE_PORTS)

    def taken(self, *, besides: tuple[str, str] = ("", "")) -> frozenset[str]:
        """The cluster addresses in use, but for the Service ``besides`` (namespace, name)."""
        return frozenset(
            service["spec"]["clusterIP"]
            for service in self._store.list("services")
            if service["spec"].get("clusterIP", "None") != "None"
            and (service["metadata"]["namespace"], service["metadata"]["name"]) != besides
        )

    def new_address(self) -> str:
        """A free cluster address; raises StatusError (500) when none is left."""
        taken = self.taken()
        for offset in itertools.islice(self._offsets, CLUSTER_RANGE.num_addresses):
            address = str(CLUSTER_RANGE[offset])
            if address not in taken:
                return address
        raise internal("failed to allocate a serviceIP: range is full")

    def new_port(self) -> int:
        """A free node port; raises StatusError (500) when none is left."""
        taken = set(self._node_ports())
        for port in itertools.islice(self._ports, len(NODE_PORTS)):
            if port not in taken:
                return port
        raise internal("failed to allocate a nodePort: range is full")

    def _node_ports(self) -> Iterator[int]:
        for service in self._store.list("services"):
            for port in service["spec"].get("ports", ()):
                if "nodePort" in port:
                    yield port["nodePort"]
