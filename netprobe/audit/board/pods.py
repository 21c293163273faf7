"""The pods of the board and their namespaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

HOME, AWAY = "home", "away"
OWN = "audit-pod"
"""A label that every pod of the audit has for itself: its name."""


class Needs(StrEnum):
    """What not every cluster has, and some pods or policies of the board are about."""

    ROUGH_BLOCKS = "blocks with bits beyond their prefix"
    SCTP = "SCTP"
    EXPOSURE = "ports of nodes"


RUN = "run"
"""Stands for the id of the run in names of the board."""

BEYOND = f"np-{RUN}-{HOME}"
"""A namespace called as ``home`` is in the cluster: joined with it, a name may read like another one."""

NAMESPACES: Mapping[str, Mapping[str, str]] = {
    HOME: {"team": "a"},
    AWAY: {"team": "b", "kind": "test", "leaving": "yes"},
    BEYOND: {"team": "c"},
}
"""The namespaces with their labels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardPod:
    """A pod of one replica. ``place`` is 0 or 1: which of two nodes it is put on, where there are two.

    A Deployment owns it, or a DaemonSet (``daemon``), or nobody (``bare``). ``swapped``: its ports have
    each other's names, so that a name means another number here. ``limited``: its bandwidth has a limit,
    which is never reached. ``needs``: what a cluster must have for it to be there. ``dials``: the Service
    that it dials by itself as it starts.
    """

    namespace: str
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    place: int = 0
    swapped: bool = False
    bare: bool = False
    daemon: bool = False
    limited: bool = False
    needs: Needs | None = None
    dials: str = ""

    @property
    def title(self) -> str:
        """``namespace/name``."""
        return f"{self.namespace}/{self.name}"


_CASES = {
    "shut": 0, "peers": 1, "ports": 0, "anybody": 1, "signals": 0, "blocks": 1, "sender": 0, "mute": 1,
    "resolver": 0, "spaces": 1, "updated": 0, "temporary": 1, "union": 0, "members": 1, "target": 0,
    "trusted": 1, "marks": 1, "buyer": 0, "fronted": 1, "roamer": 1, "aimed-before": 0,
    "aimed-after": 1, "late": 0, "protocol": 1, "collision": 0, "both": 1,
    "merged": 0, "many": 1, "patron": 1, "caller": 0, "visitor": 0, "set-one": 1, "set-two": 0, "moved": 0,
}  # fmt: skip
"""Pods that are there for one case of the policies, and the place of each."""

PODS = (
    BoardPod(
        namespace=HOME,
        name="web",
        labels={"app": "web", "tier": "front", "crew": "mixed"},
        place=0,
        swapped=True,
    ),
    BoardPod(namespace=HOME, name="ports-two", labels={"case": "ports"}, place=1),
    BoardPod(
        namespace=HOME,
        name="api",
        labels={"app": "api", "tier": "middle", "of-kin": "early", "crew": "mixed"},
        place=1,
    ),
    BoardPod(
        namespace=HOME,
        name="db",
        labels={"app": "db", "mark": "", "http": "yes", "crew": "mixed", "kin": "later"},
        place=0,
    ),
    BoardPod(namespace=AWAY, name="web", labels={"app": "web", "tier": "front"}, place=1),
    BoardPod(namespace=AWAY, name="other", labels={"app": "other"}, place=0),
    BoardPod(namespace=HOME, name="joiner", labels={"role": "guest"}, place=1),
    BoardPod(namespace=HOME, name="leaver", labels={"role": "member"}, place=0),
    BoardPod(namespace=HOME, name="newcomer", labels={"app": "api", "tier": "middle"}, place=0),
    BoardPod(namespace=HOME, name="twin-one", labels={"pair": "twins"}, place=0),
    BoardPod(namespace=HOME, name="twin-two", labels={"pair": "twins"}, place=1),
    BoardPod(namespace=HOME, name=f"me-np-{RUN}", labels={"case": "namesake"}, place=0, daemon=True),
    BoardPod(namespace=BEYOND, name="me", labels={}, place=0, daemon=True),
    BoardPod(namespace=HOME, name="fresh", labels={"case": "fresh"}, place=0, dials="db:8080"),
    BoardPod(namespace=HOME, name="sig", labels={"case": "sig"}, place=0, needs=Needs.SCTP),
    BoardPod(namespace=HOME, name="rough", labels={"case": "rough"}, place=1),
    BoardPod(namespace=HOME, name="lone", labels={"odd": "yes", "role": "member"}, place=1, bare=True),
    BoardPod(namespace=HOME, name="limited", labels={"odd": "yes"}, place=0, limited=True),
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

WITH_SCTP = (*PORTS, {"name": "sig", "containerPort": 9100, "protocol": "SCTP"})
"""The ports of a pod that serves SCTP, too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardService:
    """A Service of namespace home: ``port`` leads to ``target`` of the pods that ``selector`` means."""

    selector: Mapping[str, str]
    port: int = 8080
    target: int | str = 8080
    headless: bool = False
    needs: Needs | None = None


CREWS = ("crew-one", "crew-two", "crew-three")
"""Services of the same three pods, of which one gives the port another number; chance picks the pod."""

SERVICES: Mapping[str, BoardService] = {
    "shut": BoardService(selector={"case": "shut"}),
    "shut-outside": BoardService(selector={"case": "shut"}, needs=Needs.EXPOSURE),
    "db-outside": BoardService(selector={"app": "db"}, needs=Needs.EXPOSURE),
    "db": BoardService(selector={"app": "db"}),
    "fronted": BoardService(selector={"case": "fronted"}, port=9080),
    "union": BoardService(selector={"case": "union"}),
    "twin": BoardService(selector={OWN: "twin-one"}),
    **{name: BoardService(selector={"crew": "mixed"}, target="http") for name in CREWS},
    "crew-direct": BoardService(selector={"crew": "mixed", "app": "db"}, headless=True),
}
"""The Services by name."""

OUTSIDE_NAME, OUTSIDE, OUTSIDE_PORT = "outside", "203.0.113.10", 8443
"""A host outside of the cluster, where there is one."""

FIRST_LABELS: Mapping[str, Mapping[str, str]] = {"home/moved": {"held": "yes"}}
"""Labels that pods get with the first policies; the pod that replaces this one is without them."""
