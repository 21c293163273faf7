"""The requests of one pod in one wave, collected before its batch is made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from netprobe.model.topology import Pod
from netprobe.probing.request import Batch, Request, RequestKind

SPACING = 1.05
"""Seconds between the starts of attempts: over 1 s, so that silent ones count as a series."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dial:
    """Something to be asked: kind, address, port, the name to look up (DNS), who may answer."""

    kind: RequestKind
    address: str
    port: int
    lookup: str = ""
    peers: frozenset[str] = frozenset()


@dataclass(kw_only=True, slots=True)
class Sheet:
    """Requests of one pod, each dial once: asked for again, it gets the larger number of attempts."""

    pod: Pod
    flows: int = 0
    spacing: float = SPACING
    _requests: dict[Dial, Request] = field(default_factory=dict)

    def add(self, dial: Dial, attempts: int, timeout: float) -> str:
        """Add a dial; returns the id under which the replies come."""
        known = self._requests.get(dial)
        if known is None:
            known = Request(
                id=f"r{len(self._requests)}",
                kind=dial.kind,
                address=dial.address,
                port=dial.port,
                timeout=timeout,
                attempts=attempts,
                lookup=dial.lookup,
                expected_peers=dial.peers,
            )
        self._requests[dial] = replace(
            known, attempts=max(known.attempts, attempts), timeout=max(known.timeout, timeout)
        )
        return known.id

    def batch(self, batch_id: str) -> Batch:
        """The batch of all requests."""
        return Batch(id=batch_id, requests=tuple(self._requests.values()), spacing=self.spacing)

    @property
    def cost(self) -> int:
        """How many connections the batch opens."""
        return sum(request.attempts for request in self._requests.values())
