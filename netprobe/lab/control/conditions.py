"""Status conditions of workloads and pods."""

from __future__ import annotations

from typing import Any

from netprobe.lab.store.objects import Object


def set_condition(status: Object, kind: str, *, holds: bool, reason: str, message: str, now: str) -> None:
    """Set ``status.conditions[kind]``; the transition time moves only when its status flips."""
    conditions: list[dict[str, Any]] = status.setdefault("conditions", [])
    text = "True" if holds else "False"
    old = next((condition for condition in conditions if condition["type"] == kind), None)
    if old is None:
        old = {"type": kind}
        conditions.append(old)
    if old.get("status") != text:
        old["lastTransitionTime"] = now
    if (old.get("status"), old.get("reason"), old.get("message")) != (text, reason, message):
        old["lastUpdateTime"] = now
    old.update(status=text, reason=reason, message=message)


def write_counts(status: Object, counts: dict[str, int]) -> None:
    """Write the counts that are not zero and leave the others out, as the API server shows them."""
    for name, count in counts.items():
        if count:
            status[name] = count
        else:
            status.pop(name, None)
