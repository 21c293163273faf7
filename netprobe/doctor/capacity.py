"""Whether nodes take netprobe's pods, and have their image."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from netprobe.audit.nodes import choose_nodes
from netprobe.cluster.kube.facts import Facts
from netprobe.doctor.about import About
from netprobe.model.checkup import Check

_NODES = About("nodes", "nodes")
_IMAGE = About("image", "image")

_PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")
_ALL = 1_000_000
Body = Mapping[str, Any]


def nodes(facts: Facts) -> Check:
    """How many nodes take pods, and why the others do not."""
    bodies = facts.nodes.value
    if bodies is None:
        return _NODES.unseen(facts.nodes.why)
    choice = choose_nodes(bodies, most=_ALL)
    details = (
        *(f"{name}: {reason}" for name, reason in choice.excluded.items()),
        *_pressed(bodies),
    )
    found = f"{len(choice.nodes)} of {len(bodies)} take pods"
    if not choice.nodes:
        return _NODES.failed(found, "Make a node ready for pods (kubectl describe nodes).", details)
    if len(choice.nodes) == 1:
        found += ": flows between nodes cannot be measured"
        return _NODES.warning(found, "Nothing, if the cluster is meant to have one.", details)
    troubled = any("not ready" in detail or "says" in detail for detail in details)
    if troubled:
        return _NODES.warning(found, "Look at the nodes below with kubectl describe node.", details)
    return _NODES.ok(found, details=details)


def image(facts: Facts) -> Check:
    """Whether the nodes list the image, or must pull it; a node lists its 50 largest images only."""
    bodies = facts.nodes.value
    if bodies is None:
        return _IMAGE.unseen(facts.nodes.why)
    wanted = {node.name for node in choose_nodes(bodies, most=_ALL).nodes}
    takers = [body for body in bodies if body["metadata"]["name"] in wanted]  # type: ignore[index]
    having = [body for body in takers if facts.image in set(_images(body))]
    if takers and len(having) == len(takers):
        return _IMAGE.ok(f"{facts.image} is on every node that takes pods")
    return _IMAGE.warning(
        f"{len(having)} of {len(takers)} nodes list {facts.image}; the others have to pull it",
        "`netprobe doctor --pull` tries it; --image names a copy in your registry.",
    )


def _images(node: Body) -> Iterable[str]:
    for each in (node.get("status") or {}).get("images") or ():
        yield from each.get("names") or ()


def _pressed(bodies: Sequence[Body]) -> Iterator[str]:
    for body in bodies:
        for condition in (body.get("status") or {}).get("conditions") or ():
            if condition.get("type") in _PRESSURES and condition.get("status") == "True":
                yield f"{body['metadata']['name']}: it says {condition['type']}"
