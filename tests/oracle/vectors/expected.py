"""Truth tables by hand, a line for each end: ``x/a <- y/* z/b on TCP 80`` says who alone may reach x/a.

``->`` says whom alone a pod may reach. ``x/*``, ``*/a`` and ``*`` mean several pods, ``none`` nobody; without
``on``, every port is meant. Lines about one end and direction add up. An end without a line is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.oracle.cluster import name_of


@dataclass(frozen=True, kw_only=True)
class Line:
    targets: frozenset[str]
    inward: bool
    peers: frozenset[str]
    ports: frozenset[str] | None

    def admits(self, other, served):
        return other in self.peers and (self.ports is None or served in self.ports)


def read(text, names):
    head, _, ports = text.partition(" on ")
    inward = " <- " in head
    targets, peers = head.split(" <- " if inward else " -> ")
    return Line(
        targets=meant(targets, names),
        inward=inward,
        peers=meant(peers, names),
        ports=frozenset(ports.split(", ")) if ports else None,
    )


def meant(patterns, names):
    found = frozenset(name for name in names if any(fnmatchcase(name, p) for p in patterns.split()))
    assert found or patterns == "none", f"{patterns} means no pod"
    return found


def table(cluster, lines):
    """Return the points that are open; a pod and itself always are."""
    names = [name_of(pod) for pod in cluster.pods]
    known = [read(line, names) for line in lines]
    into = {name: [line for line in known if line.inward and name in line.targets] for name in names}
    out = {name: [line for line in known if not line.inward and name in line.targets] for name in names}

    def is_open(point):
        source, destination, protocol, number = point
        served = f"{protocol} {number}"
        return source == destination or (
            (not out[source] or any(line.admits(destination, served) for line in out[source]))
            and (not into[destination] or any(line.admits(source, served) for line in into[destination]))
        )

    return {point for point in cluster.points() if is_open(point)}
