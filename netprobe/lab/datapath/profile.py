"""What a profile is: a behaviour of the lab's network, written as small variations of the faithful one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.rules import NodeRules


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """What an agent makes of a picture; ``again`` is when it must look again though nothing changed."""

    picture: Picture
    again: float | None = None


Life = Callable[[Picture, float], Sight]
"""An agent's memory: called with each picture and the moment (seconds of a clock that never goes back).

It is called in order of time, perhaps twice with the same picture, and gives what the agent goes by.
"""


def _faithful_life() -> Life:
    return lambda picture, _: Sight(picture=picture)


def _faithful_picture(picture: Picture) -> Picture:
    return picture


def _faithful_rules(rules: NodeRules, picture: Picture) -> NodeRules:
    del picture
    return rules


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A behaviour of the lab's network.

    ``live`` begins the life of a lab's agent, which may remember, forget and be late; ``see`` distorts
    what the data path sees of the picture, ``enforce`` what it made of it for one node (it gets the
    picture as seen). ``lateness`` is how many seconds a node may need to load its rules; each time is
    drawn anew. ``cites`` are rows of the catalogue of faults that were found in real CNIs.
    """

    name: str
    description: str
    cites: tuple[str, ...] = ()
    live: Callable[[], Life] = _faithful_life
    see: Callable[[Picture], Picture] = _faithful_picture
    enforce: Callable[[NodeRules, Picture], NodeRules] = _faithful_rules
    lateness: float = 0.0


def timeless(begin: Callable[[], Callable[[Picture], Picture]]) -> Callable[[], Life]:
    """The life of an agent whose memory does not depend on the clock."""

    def live() -> Life:
        remember = begin()
        return lambda picture, _: Sight(picture=remember(picture))

    return live
