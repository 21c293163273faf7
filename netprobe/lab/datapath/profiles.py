"""Profiles: how the lab's network treats policies, from faithful to broken.

A profile is a pair of small distortions, one of what the data path gets to see (the picture) and
one of what it made of it (the rules). A new fault is a new entry in ``PROFILES``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.rules import NodeRules


def _faithful_picture(picture: Picture) -> Picture:
    return picture


def _faithful_rules(rules: NodeRules) -> NodeRules:
    return rules


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A behaviour of the lab's network: ``see`` distorts the picture, ``enforce`` the compiled rules."""

    name: str
    description: str
    see: Callable[[Picture], Picture] = _faithful_picture
    enforce: Callable[[NodeRules], NodeRules] = _faithful_rules


def _blind_to_policies(picture: Picture) -> Picture:
    return replace(picture, policies=())


ENFORCING = Profile(
    name="enforcing",
    description="Enforces NetworkPolicies as the Kubernetes API reference defines them.",
)
NONE = Profile(
    name="none",
    description="Accepts NetworkPolicies and enforces none; Services still work.",
    see=_blind_to_policies,
)

PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (ENFORCING, NONE)}
