"""How groups of pods, ports and answers are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.matrix import OTHER_PORTS
from netprobe.model.protocol import Protocol

MOST_NAMED = 3
"""How many workloads of a group are named where room is scarce; the rest are counted."""

WORDS: Mapping[Answer, str] = {
    Answer.ALLOW: "allowed",
    Answer.DENY: "denied",
    Answer.UNDEFINED: "undefined",
}

SEVERAL = "several namespaces"
"""What stands for the namespace of pods of several."""


def namespace_of(pods: Sequence[PodRef]) -> str:
    """The namespace of the pods, or ``several namespaces``."""
    found = {pod.namespace for pod in pods}
    return found.pop() if len(found) == 1 else SEVERAL


def label_of(pods: Sequence[PodRef]) -> str:
    """All workloads of pods of one namespace, without it: ``api ×3, web``."""
    return ", ".join(_names(pods))


def title_of(pods: Sequence[PodRef], most: int | None = MOST_NAMED) -> str:
    """The workloads with their namespaces: ``shop/api ×3, shop/web and 4 more``; None names them all."""
    names = _names(pods, qualified=True)
    if most is None or len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


def members_of(pods: Sequence[PodRef]) -> str:
    """All workloads, by namespace: ``lab: api, db; shop: api ×3``."""
    spaces: dict[str, list[PodRef]] = {}
    for pod in sorted(pods):
        spaces.setdefault(pod.namespace, []).append(pod)
    return "; ".join(f"{namespace}: {label_of(members)}" for namespace, members in spaces.items())


def _names(pods: Iterable[PodRef], *, qualified: bool = False) -> list[str]:
    counts = Counter((pod.namespace, pod.workload) for pod in pods)
    return [
        (f"{namespace}/{workload}" if qualified else workload) + (f" ×{count}" if count > 1 else "")
        for (namespace, workload), count in sorted(counts.items())
    ]


def port_of(port: int, protocol: Protocol) -> str:
    """``:8080``, ``:53/udp``; ``:other`` for the ports that no rule names."""
    number = "other" if port == OTHER_PORTS else str(port)
    return f":{number}" if protocol is Protocol.TCP else f":{number}/{protocol.lower()}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """``1 flow``, ``2 flows``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
