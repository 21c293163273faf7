"""All profiles and conditions by name, and how they are put together.

A profile is a fault that must be noticed; a condition is weather that a network may have, and must
not be mistaken for a fault. A new fault is a new entry in a theme of ``faults``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

from netprobe.lab.datapath.conditions import WEATHER
from netprobe.lab.datapath.faults.blocks import BLOCKS
from netprobe.lab.datapath.faults.changes import CHANGES
from netprobe.lab.datapath.faults.directions import DIRECTIONS
from netprobe.lab.datapath.faults.labels import LABELS
from netprobe.lab.datapath.faults.nodes import NODES
from netprobe.lab.datapath.faults.peers import PEERS
from netprobe.lab.datapath.faults.pods import PODS
from netprobe.lab.datapath.faults.ports import PORTS
from netprobe.lab.datapath.faults.restarts import RESTARTS
from netprobe.lab.datapath.faults.selectors import SELECTORS
from netprobe.lab.datapath.faults.services import SERVICES
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Life, Profile, Sight
from netprobe.lab.datapath.rules import NodeRules

ENFORCING = Profile(
    name="enforcing",
    description="Enforces NetworkPolicies as the Kubernetes API reference defines them.",
)
NONE = Profile(
    name="none",
    description="Accepts NetworkPolicies and enforces none; Services still work.",
    cites=("flannel-noop", "dockerdesktop-noop", "minikube-bridge-noop", "eks-default-off"),
    see=lambda picture: replace(picture, policies=()),
)

THEMES: Mapping[str, Sequence[Profile]] = {
    "all or nothing": (ENFORCING, NONE),
    "directions": DIRECTIONS,
    "ports": PORTS,
    "peers": PEERS,
    "selectors": SELECTORS,
    "ipBlocks": BLOCKS,
    "nodes": NODES,
    "Services": SERVICES,
    "pods": PODS,
    "labels": LABELS,
    "changes": CHANGES,
    "restarts": RESTARTS,
}
"""The profiles by what they are about, as lists of them are shown."""

PROFILES: Mapping[str, Profile] = {each.name: each for theme in THEMES.values() for each in theme}
CONDITIONS: Mapping[str, Profile] = {each.name: each for each in WEATHER}


def profile_of(word: str) -> Profile:
    """The behaviour that ``PROFILE[+CONDITION…]`` names; raises KeyError for an unknown name."""
    name, *conditions = word.split("+")
    return under(PROFILES[name], *(CONDITIONS[condition] for condition in conditions))


def under(profile: Profile, *conditions: Profile) -> Profile:
    """The profile under conditions: news reach its agent through them, and its rules bear them, too."""
    return reduce(_join, conditions, profile)


def _join(profile: Profile, condition: Profile) -> Profile:
    def live() -> Life:
        first, second = condition.live(), profile.live()

        def look(picture: Picture, now: float) -> Sight:
            reached = first(picture, now)
            seen = second(reached.picture, now)
            times = [sight.again for sight in (reached, seen) if sight.again is not None]
            return Sight(picture=seen.picture, again=min(times, default=None))

        return look

    def enforce(rules: NodeRules, picture: Picture) -> NodeRules:
        return condition.enforce(profile.enforce(rules, picture), picture)

    return Profile(
        name=f"{profile.name}+{condition.name}",
        description=f"{profile.description} {condition.description}",
        cites=profile.cites,
        live=live,
        see=lambda picture: profile.see(condition.see(picture)),
        enforce=enforce,
        lateness=max(profile.lateness, condition.lateness),
    )
