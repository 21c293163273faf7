"""The pods of the board and their namespaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HOME, AWAY = "home", "away"

NAMESPACES: Mapping[str, Mapping[str, str]] = {
    HOME: {"team": "a"},
    AWAY: {"team": "b", "kind": "test"},
}
"""The namespaces with their labels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardPod:
    """A pod of one replica. ``place`` is 0 or 1: which of two nodes it is put on, where there are two."""

    namespace: str
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    place: int = 0

    @property
    def title(self) -> str:
        """``namespace/name``."""
        return f"{self.namespace}/{self.name}"


_CASES = {
    "shut": 0, "peers": 1, "ports": 0, "anybody": 1, "signals": 0, "blocks": 1, "sender": 0, "mute": 1,
    "resolver": 0, "spaces": 1, "updated": 0, "temporary": 1, "union": 0, "members": 1, "target": 0,
    "trusted": 1, "fresh": 0,
}  # fmt: skip
"""Pods that are there for one case of the policies, and the place of each."""

PODS = (
    BoardPod(namespace=HOME, name="web", labels={"app": "web", "tier": "front"}, place=0),
    BoardPod(namespace=HOME, name="api", labels={"app": "api", "tier": "middle"}, place=1),
    BoardPod(namespace=HOME, name="db", labels={"app": "db"}, place=0),
    BoardPod(namespace=AWAY, name="web", labels={"app": "web", "tier": "front"}, place=1),
    BoardPod(namespace=AWAY, name="other", labels={"app": "other"}, place=0),
    BoardPod(namespace=HOME, name="joiner", labels={"role": "guest"}, place=1),
    BoardPod(namespace=HOME, name="leaver", labels={"role": "member"}, place=0),
    BoardPod(namespace=HOME, name="newcomer", labels={"app": "api", "tier": "middle"}, place=0),
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
)
"""The ports of every pod of the board."""

SERVICES: Mapping[str, Mapping[str, str]] = {"shut": {"case": "shut"}, "db": {"app": "db"}}
"""Services of namespace home, by name, with their selectors; port 8080 of each is 8080 of its pod."""
