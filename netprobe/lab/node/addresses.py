"""Giving addresses of a network to pods, and taking them back."""

from __future__ import annotations

import ipaddress

from netprobe.errors import EnvironmentFailure


class AddressPool:
    """The host addresses of one IPv4 network but the first, handed out in turn.

    An address that was given back is used again as late as possible: traffic of a dead pod must not
    meet its successor by chance.
    """

    def __init__(self, network: ipaddress.IPv4Network) -> None:
        self._network = network
        self._taken: set[int] = set()
        self._last = 1

    def take(self) -> str:
        """The next free address; raises EnvironmentFailure when all are in use."""
        size = self._network.num_addresses
        for step in range(size):
            offset = (self._last + 1 + step) % size
            if offset not in self._taken and 2 <= offset <= size - 2:
                self._taken.add(offset)
                self._last = offset
                return str(self._network[offset])
        raise EnvironmentFailure(f"no IP address is left in range {self._network}")

    def give_back(self, address: str) -> None:
        """Free an address; one that is free already is fine."""
        first = int(self._network.network_address)
        self._taken.discard(int(ipaddress.IPv4Address(address)) - first)
