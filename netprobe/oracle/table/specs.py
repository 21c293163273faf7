"""The different ``ports`` lists of all rules, numbered."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.policy import PolicyPort
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.ports import admits_port


class Specs:
    """Rules with equal ports share a number, so that a list is looked at once for many rules."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[PolicyPort, ...], int] = {(): 0}
        self._ports: list[tuple[PolicyPort, ...]] = [()]

    def number(self, ports: tuple[PolicyPort, ...] | None) -> int:
        """Return the number of a list; an absent and an empty one both admit every port."""
        ports = ports or ()
        found = self._numbers.get(ports)
        if found is None:
            found = self._numbers[ports] = len(self._ports)
            self._ports.append(ports)
        return found

    def admits(self, number: int, port: int, protocol: Protocol, destination: Pod) -> bool:
        """Whether the list with this number admits a port of the destination."""
        return admits_port(self._ports[number], port, protocol, destination)

    def numeric(self, number: int) -> Iterator[tuple[int, Protocol]]:
        """Yield the port numbers that the list names (the first and last one of a range)."""
        for entry in self._ports[number]:
            if isinstance(entry.port, int):
                yield entry.port, entry.protocol
                if entry.end_port is not None:
                    yield entry.end_port, entry.protocol
