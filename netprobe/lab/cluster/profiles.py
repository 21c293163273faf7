"""What can stand after ``lab:``: profiles, conditions (their weather) and identities (how it all looks).

``lab[:PROFILE[+CONDITION…][@IDENTITY]]``, or the name of an identity in the place of the profile for a
cluster as that CNI makes it.
"""

from __future__ import annotations

import difflib

from netprobe.errors import InputError
from netprobe.lab.cluster.identities.table import IDENTITIES, Identity
from netprobe.lab.datapath.profiles import CONDITIONS, ENFORCING, PROFILES

__all__ = ["DEFAULT", "IDENTITIES", "Identity", "describe", "parse_profile"]

DEFAULT = ENFORCING.name
_FEW = 12
"""So many names are told in an error."""


def parse_profile(text: str) -> tuple[str, str]:
    """Read ``[PROFILE][+CONDITION…][@IDENTITY]`` into (profile with its conditions, identity).

    The first is ``PROFILE[+CONDITION…]`` in one spelling: each condition once, in the order of the
    list. Without a profile it is the identity's own, or the default. A leading ``lab:`` is allowed.
    Raises InputError, with what was perhaps meant and with the list of names.
    """
    wanted = "" if text == "lab" else text.removeprefix("lab:")
    behaviour, at, identity = wanted.partition("@")
    profile, *conditions = behaviour.split("+")
    if not at and profile in IDENTITIES:
        profile, at, identity = "", "@", profile
    if at and identity not in IDENTITIES:
        raise _unknown("identity", identity, tuple(IDENTITIES))
    if not profile:
        profile = IDENTITIES[identity].profile if at else DEFAULT
    if profile not in PROFILES:
        raise _unknown("profile", profile, (*PROFILES, *IDENTITIES))
    for condition in conditions:
        if condition not in CONDITIONS:
            raise _unknown("condition", condition, tuple(CONDITIONS))
    return "+".join((profile, *(each for each in CONDITIONS if each in conditions))), identity


def describe(profile: str, identity: str = "") -> str:
    """How reports name such a lab: ``lab (enforcing, lossy)``, or ``lab, emulating Flannel``.

    A profile that is not its identity's own is named beside it, and so are conditions.
    """
    words = profile.split("+")
    if not identity:
        return f"lab ({', '.join(words)})"
    look = IDENTITIES[identity]
    told = words[1:] if look.profile == words[0] else words
    return f"lab, emulating {look.title}" + (f" ({', '.join(told)})" if told else "")


def _unknown(what: str, name: str, known: tuple[str, ...]) -> InputError:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    listed = ", ".join(known) if len(known) <= _FEW else "netprobe lab profiles lists them"
    return InputError(
        f"the lab has no {what} {name!r}",
        remedy=f"did you mean {close[0]!r}? Known: {listed}" if close else f"known: {listed}",
    )
