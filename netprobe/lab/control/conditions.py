"""Status conditions and counts, as workloads and pods show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netprobe.lab.store.objects import Object


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """One condition to report: its type, whether it ``holds``, and why (both texts may be empty)."""

    type: str
    holds: bool
    reason: str = ""
    message: str = ""


def set_condition(status: Object, condition: Condition, now: str, *, dated: bool = False) -> None:
    """Write a condition into ``status.conditions``; its transition time moves only when it flips.

    ``dated`` conditions, those of Deployments, also tell when their text last changed.
    """
    conditions: list[dict[str, Any]] = status.setdefault("conditions", [])
    index = next((i for i, one in enumerate(conditions) if one["type"] == condition.type), None)
    old = {} if index is None else conditions[index]
    told = {"type": condition.type, "status": "True" if condition.holds else "False"}
    told |= {
        key: text for key, text in (("reason", condition.reason), ("message", condition.message)) if text
    }
    new = {**told, "lastTransitionTime": _since(old, told, ("status",), "lastTransitionTime", now)}
    if dated:
        new["lastUpdateTime"] = _since(old, told, ("status", "reason", "message"), "lastUpdateTime", now)
    if index is None:
        conditions.append(new)
    else:
        conditions[index] = new


def _since(old: Mapping[str, Any], new: Mapping[str, Any], keys: Sequence[str], field: str, now: str) -> str:
    """The time in ``field`` as it was while ``keys`` stay the same, else now."""
    return str(old.get(field, now)) if all(old.get(key) == new.get(key) for key in keys) else now


def write_counts(status: Object, counts: Mapping[str, int]) -> None:
    """Write the counts that are not zero and leave the others out, as the API server shows them."""
    for name, count in counts.items():
        if count:
            status[name] = count
        else:
            status.pop(name, None)
