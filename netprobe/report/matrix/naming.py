"""How groups of pods, ports and answers are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.matrix import OTHER_PORTS
from netprobe.model.protocol import Protocol

MOST_NAMED = 3
"""How many workloads of a group are named; the rest are counted."""

WORDS: Mapping[Answer, str] = {
    Answer.ALLOW: "allowed",
    Answer.DENY: "denied",
    Answer.UNDEFINED: "undefined",
}


def namespace_of(pods: Sequence[PodRef]) -> str:
    """The namespace of the pods, or ``several namespaces``."""
    found = {pod.namespace for pod in pods}
    return found.pop() if len(found) == 1 else "several namespaces"


def label_of(pods: Sequence[PodRef]) -> str:
    """The workloads without their common namespace: ``api ×3, web and 4 more``."""
    qualified = len({pod.namespace for pod in pods}) > 1
    return _listed(pods, qualified=qualified)


def title_of(pods: Sequence[PodRef]) -> str:
    """The workloads with their namespaces: ``shop/api ×3, shop/web``."""
    return _listed(pods, qualified=True)


def _listed(pods: Iterable[PodRef], *, qualified: bool) -> str:
    counts = Counter((pod.namespace, pod.workload) for pod in pods)
    names = [
        (f"{namespace}/{workload}" if qualified else workload) + (f" ×{count}" if count > 1 else "")
        for (namespace, workload), count in sorted(counts.items())
    ]
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[: MOST_NAMED - 1])} and {len(names) - MOST_NAMED + 1} more"


def port_of(port: int, protocol: Protocol) -> str:
    """``:8080``, ``:53/udp``; ``:other`` for the ports that no rule names."""
    number = "other" if port == OTHER_PORTS else str(port)
    return f":{number}" if protocol is Protocol.TCP else f":{number}/{protocol.lower()}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """``1 flow``, ``2 flows``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
