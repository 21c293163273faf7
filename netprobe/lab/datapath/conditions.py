"""Conditions: weather that a sound network may have. Nobody may take it for a fault."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Life, Profile, Sight
from netprobe.lab.datapath.rules import NodeRules
from netprobe.model.policy import NetworkPolicy

LOSS_PERCENT = 5
SLOW_SECONDS = 10.0
JITTER_SECONDS = 2.0


def _lossy(rules: NodeRules, picture: Picture) -> NodeRules:
    """The node of the sender loses packets, so that no packet meets the loss twice."""
    own = rules.pod_cidr
    del picture
    loss = f"ip saddr {own} numgen random mod 100 < {LOSS_PERCENT} drop"
    return replace(rules, weather=(*rules.weather, loss)) if own else rules


def _slow() -> Life:
    """Policies as they were ``SLOW_SECONDS`` ago; pods and Services as they are."""
    history: list[tuple[float, tuple[NetworkPolicy, ...]]] = [(float("-inf"), ())]

    def look(picture: Picture, now: float) -> Sight:
        if picture.policies != history[-1][1]:
            history.append((now + SLOW_SECONDS, picture.policies))
        while len(history) > 1 and history[1][0] <= now:
            del history[0]
        again = next((due for _, (due, _) in pairwise(history)), None)
        return Sight(picture=replace(picture, policies=history[0][1]), again=again)

    return look


WEATHER = (
    Profile(
        name="lossy",
        description=f"Loses {LOSS_PERCENT} % of the packets that pods send, at random.",
        enforce=_lossy,
    ),
    Profile(
        name="slow",
        description=f"Programs each change of a policy {SLOW_SECONDS:g} s late.",
        live=_slow,
    ),
    Profile(
        name="jitter",
        description=f"Programs each change up to {JITTER_SECONDS:g} s late, each node by itself.",
        lateness=JITTER_SECONDS,
    ),
)
"""All conditions; each is written like a profile."""
