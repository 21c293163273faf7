"""Words that several rules use."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from netprobe.model.inventory import ObjectKey
from netprobe.model.policy import NetworkPolicy
from netprobe.model.topology import Pod
from netprobe.oracle.contact import title

MOST = 4


def listed(words: Iterable[str], *, joint: str = "and") -> str:
    """Return ``a, b and c``; of many only the first ones are named, the rest counted."""
    names = list(dict.fromkeys(words))
    if len(names) > MOST:
        names = [*names[: MOST - 1], f"{len(names) - MOST + 1} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def pods_text(pods: Collection[Pod]) -> str:
    """Name pods, ``nobody`` when there are none."""
    return listed(title(pod) for pod in pods) if pods else "nobody"


def local_names(pods: Iterable[Pod]) -> str:
    """Name pods of one namespace without it."""
    return listed(title(pod).partition("/")[2] for pod in pods)


def verb(things: Collection[object], one: str, many: str) -> str:
    """Return the form of a verb that fits the number of things."""
    return one if len(things) == 1 else many


def isolate(policies: Collection[NetworkPolicy]) -> str:
    """Say ``deny-all isolates``, or of several ``deny-all and web isolate``."""
    return f"{policies_text(policies)} {'isolates' if len(policies) == 1 else 'isolate'}"


def policies_text(policies: Iterable[NetworkPolicy]) -> str:
    """Name policies of one namespace without it."""
    return listed(policy.name for policy in policies)


def object_text(key: ObjectKey) -> str:
    """Name an object: ``NetworkPolicy shop/web``."""
    kind, namespace, name = key
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
