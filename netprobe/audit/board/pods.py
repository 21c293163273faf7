"""The pods of the board and their namespaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HOME, AWAY = "home", "away"

NAMESPACES: Mapping[str, Mapping[str, str]] = {
    HOME: {"team": "a"},
    AWAY: {"team": "b", "kind": "test", "leaving": "yes"},
}
"""The namespaces with their labels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardPod:
    """A pod of one replica. ``place`` is 0 or 1: which of two nodes it is put on, where there are two.

    ``swapped``: its ports have each other's names, so that a name means another number here.
    """

    namespace: str
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    place: int = 0
    swapped: bool = False

    @property
    def title(self) -> str:
        """``namespace/name``."""
        return f"{self.namespace}/{self.name}"


_CASES = {
    "shut": 0, "peers": 1, "ports": 0, "anybody": 1, "signals": 0, "blocks": 1, "sender": 0, "mute": 1,
    "resolver": 0, "spaces": 1, "updated": 0, "temporary": 1, "union": 0, "members": 1, "target": 0,
    "trusted": 1, "fresh": 0, "marks": 1, "buyer": 0, "fronted": 1, "roamer": 1, "aimed-before": 0,
    "aimed-after": 1, "late": 0, "protocol": 1, "collision": 0, "both": 1,
    "merged": 0, "many": 1,
}  # fmt: skip
"""Pods that are there for one case of the policies, and the place of each."""

PODS = (
    BoardPod(namespace=HOME, name="web", labels={"app": "web", "tier": "front"}, place=0, swapped=True),
    BoardPod(namespace=HOME, name="ports-two", labels={"case": "ports"}, place=1),
    BoardPod(namespace=HOME, name="api", labels={"app": "api", "tier": "middle"}, place=1),
    BoardPod(namespace=HOME, name="db", labels={"app": "db", "mark": "", "http": "yes"}, place=0),
    BoardPod(namespace=AWAY, name="web", labels={"app": "web", "tier": "front"}, place=1),
    BoardPod(namespace=AWAY, name="other", labels={"app": "other"}, place=0),
    BoardPod(namespace=HOME, name="joiner", labels={"role": "guest"}, place=1),
    BoardPod(namespace=HOME, name="leaver", labels={"role": "member"}, place=0),
    BoardPod(namespace=HOME, name="newcomer", labels={"app": "api", "tier": "middle"}, place=0),
    BoardPod(namespace=HOME, name="twin-one", labels={"pair": "twins"}, place=0),
    BoardPod(namespace=HOME, name="twin-two", labels={"pair": "twins"}, place=1),
    *(
        BoardPod(namespace=HOME, name=case, labels={"case": case}, place=place)
        for case, place in _CASES.items()
    ),
)

PORTS = (
    {"name": "http", "containerPort": 8080},
    {"name": "alt", "containerPort": 8081},
    {"containerPort": 8090},
    {"containerPort": 5300, "protocol": "UDP"},
    {"containerPort": 8080, "protocol": "UDP"},
)
"""The ports of every pod of the board."""

SWAPPED = ({"name": "alt", "containerPort": 8080}, {"name": "http", "containerPort": 8081}, *PORTS[2:])
"""The ports of a pod that gives the names to the other numbers."""

SERVICES: Mapping[str, tuple[Mapping[str, str], int]] = {
    "shut": ({"case": "shut"}, 8080),
    "db": ({"app": "db"}, 8080),
    "fronted": ({"case": "fronted"}, 9080),
    "union": ({"case": "union"}, 8080),
}
"""Services of namespace home, by name: the selector, and the port that stands for 8080 of the pods."""

OUTSIDE, OUTSIDE_PORT = "203.0.113.10", 8443
"""A host outside of the cluster, where there is one."""
