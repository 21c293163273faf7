"""Faults of agents that restart."""

from __future__ import annotations

from netprobe.lab.datapath.faults.rewriting import sparing
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Life, Profile, Sight
from netprobe.model.policy import NetworkPolicy

FEW_POLICIES = 3
"""So many policies there must be: a restart beside one or two would hardly be met."""

QUIET_SECONDS = 1.0
"""How long policies have not changed when the agent restarts."""

LASTING_SECONDS = 5.0
"""A restart whose effect lasted so long was the last one; shorter ones are repeated."""


def _falls_open() -> Life:
    """The agent of the last node restarts when policies have been quiet, and knows none until one changes."""
    policies: list[tuple[NetworkPolicy, ...]] = [()]
    changed, restarted, over = 0.0, float("inf"), False

    def look(picture: Picture, now: float) -> Sight:
        nonlocal changed, restarted, over
        if picture.policies != policies[0]:
            over = over or now >= restarted + LASTING_SECONDS
            policies[0], changed, restarted = picture.policies, now, float("inf")
        if over or len(picture.policies) < FEW_POLICIES:
            return Sight(picture=picture)
        if now < changed + QUIET_SECONDS:
            return Sight(picture=picture, again=changed + QUIET_SECONDS)
        restarted = min(restarted, now)
        last = picture.nodes[-1].name
        return Sight(picture=sparing(picture, {pod.uid for pod in picture.pods if pod.node == last}))

    return look


RESTARTS = (
    Profile(
        name="fail-open-after-restart",
        description="Once, a second after a change, the last node is open until the next one.",
        cites=("weave-restart-firewalld",),
        live=_falls_open,
    ),
)
